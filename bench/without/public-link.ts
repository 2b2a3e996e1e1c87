import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'socket.io';
import type { Encoded } from '#gateway/sockets/link.ts';
import type { SocketIoLink } from '#gateway/sockets/socket-io-link.ts';
import type { SocketLink } from '#gateway/sockets/socket-server.ts';
import { addressName } from '#platform/limits/address-name.ts';

const DRAIN_CHECK = 50;
const POLL_QUEUE = 3;
const texts = new WeakMap<Encoded, string>();

/** The way to one client by what engine.io documents alone: its `send` says when a message has gone out. */
export abstract class PublicLink implements SocketLink {
  readonly id: string;
  readonly origin: string | undefined;
  readonly address: string;
  readonly #socket: Socket;
  readonly #conn: Socket['conn'];
  readonly #credit: number;
  /** Of the messages that have not gone out yet, oldest first. */
  readonly #sizes: number[] = [];
  #bytes = 0;

  constructor(socket: Socket, { credit, origin, address }: ConstructorParameters<typeof SocketIoLink>[1]) {
    this.id = socket.id;
    this.origin = origin;
    this.address = addressName(address);
    this.#socket = socket;
    this.#conn = socket.conn;
    this.#credit = credit;
  }

  protected abstract options(message: Encoded): object;

  writable(): boolean {
    if (this.#conn.readyState !== 'open') return false;
    return this.#conn.transport.name === 'websocket'
      ? this.#bytes < this.#credit
      : this.#sizes.length < POLL_QUEUE;
  }

  write(message: Encoded): boolean {
    if (!this.writable()) return false;
    const text = texts.get(message) ?? `2["${message.event}",${message.payload.text}]`;
    texts.set(message, text);
    this.#bytes += message.wire.length;
    this.#sizes.push(message.wire.length);
    this.#conn.send(text, this.options(message), this.#sent);
    return true;
  }

  notify(event: 'notice', payload: object): void {
    this.#socket.emit(event, payload);
  }

  async drained(): Promise<boolean> {
    while (this.#conn.readyState === 'open') {
      if (this.writable()) return true;
      await sleep(DRAIN_CHECK, undefined, { ref: false });
    }
    return false;
  }

  close(): void {
    this.#socket.disconnect(true);
  }

  readonly #sent = (): void => {
    this.#bytes -= this.#sizes.shift()!;
  };
}
