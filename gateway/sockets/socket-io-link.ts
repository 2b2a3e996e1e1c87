import type { Socket as NetSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'socket.io';
import { addressName } from '#platform/limits/address-name.ts';
import type { Encoded, Link } from './peer.ts';
import { hangUp } from './socket-internals.ts';

/** What of engine.io's connection the raw write touches; none of it is in the public types. */
interface EngineConnection {
  readyState: string;
  upgrading: boolean;
  writeBuffer: unknown[];
  transport: { name: string; writable: boolean; socket?: { _socket?: NetSocket } };
}

/** ms between two looks at a client that does not read. */
const DRAIN_CHECK = 50;
/** Packets of our own that may wait for a client's next poll. */
const POLL_QUEUE = 3;

/** The way to one client: encoded messages past Socket.IO where nothing of it is in the way, the rest through it. */
export class SocketIoLink implements Link {
  readonly id: string;
  readonly origin: string | undefined;
  readonly address: string;
  readonly #socket: Socket;
  readonly #conn: EngineConnection;
  readonly #credit: number;

  /** `credit`: bytes that may wait in the socket. `origin`: of the page behind it. */
  constructor(socket: Socket, credit: number, origin: string | undefined) {
    this.id = socket.id;
    this.origin = origin;
    this.address = addressName((socket.conn as unknown as { remoteAddress: string }).remoteAddress);
    this.#socket = socket;
    this.#conn = socket.conn as unknown as EngineConnection;
    this.#credit = credit;
  }

  writable(): boolean {
    const net = this.#net();
    return net === null ? this.#mayQueue() : net.writableLength < this.#credit;
  }

  write({ event, payload, wire }: Encoded): boolean {
    const net = this.#net();
    if (net !== null) {
      if (net.writableLength >= this.#credit) return false;
      net.write(wire);
      return true;
    }
    if (!this.#mayQueue()) return false;
    this.#socket.emit(event, payload);
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
    // The connection outlives its socket until what was written is out.
    const { conn } = this.#socket;
    this.#socket.disconnect();
    hangUp(conn);
  }

  /** The network socket, where a frame may be written past Socket.IO without overtaking a packet of it. */
  #net(): NetSocket | null {
    const { transport, writeBuffer, upgrading, readyState } = this.#conn;
    const direct =
      transport.name === 'websocket' &&
      transport.writable &&
      writeBuffer.length === 0 &&
      !upgrading &&
      readyState === 'open';
    return direct ? (transport.socket?._socket ?? null) : null;
  }

  #mayQueue(): boolean {
    return this.#conn.readyState === 'open' && this.#conn.writeBuffer.length < POLL_QUEUE;
  }
}
