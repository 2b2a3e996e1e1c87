import type { Socket as NetSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'socket.io';
import { addressName } from '#platform/limits/address-name.ts';
import { hangUp } from './hang-up.ts';
import type { Encoded, Link } from './link.ts';
import { networkSocketOf, queuedPackets } from './socket-internals.ts';

interface LinkOptions {
  /** Bytes that may wait in the socket. */
  credit: number;
  /** Of the page behind it. */
  origin: string | undefined;
  /** Of the client, read with the number of trusted proxies. */
  address: string;
}

/** How often a client that does not read is checked. */
const DRAIN_CHECK_MS = 50;
/** Our own packets that may wait for a client's next poll. */
const MAX_QUEUED_PACKETS = 3;

/** Writes to one client: encoded messages directly to its network socket where no packet of Socket.IO waits, else through Socket.IO. */
export class SocketIoLink implements Link {
  readonly id: string;
  readonly origin: string | undefined;
  readonly address: string;
  readonly #socket: Socket;
  readonly #conn: Socket['conn'];
  readonly #credit: number;

  constructor(socket: Socket, { credit, origin, address }: LinkOptions) {
    this.id = socket.id;
    this.origin = origin;
    this.address = addressName(address);
    this.#socket = socket;
    this.#conn = socket.conn;
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
    while (this.#isOpen()) {
      if (this.writable()) return true;
      await sleep(DRAIN_CHECK_MS, undefined, { ref: false });
    }
    return false;
  }

  close(): void {
    // The connection outlives its socket until what was written is out.
    this.#socket.disconnect();
    hangUp(this.#conn);
  }

  /** The network socket, where a frame may be written past Socket.IO without overtaking a packet of it. */
  #net(): NetSocket | null {
    const { transport, upgrading } = this.#conn;
    const direct =
      transport.name === 'websocket' &&
      transport.writable &&
      queuedPackets(this.#conn) === 0 &&
      !upgrading &&
      this.#isOpen();
    return direct ? networkSocketOf(transport) : null;
  }

  /** A client may leave while its connection stays. */
  #isOpen(): boolean {
    return this.#socket.connected && this.#conn.readyState === 'open';
  }

  #mayQueue(): boolean {
    return this.#isOpen() && queuedPackets(this.#conn) < MAX_QUEUED_PACKETS;
  }
}
