import { connect, type Socket } from 'node:net';

/** What all sockets of a load process have received. */
export interface Received {
  /** Socket.IO events: frames, and the beats that only the gateway sends. */
  messages: number;
  frames: number;
  bytes: number;
}

export interface SocketOptions {
  port: number;
  /** Sent once connected, to be answered with `ok`; null where connecting is all. */
  subscribe: object | null;
  received: Received;
  ready: () => void;
  failed: (error: Error) => void;
  /** The socket has something to acknowledge. */
  owes: (socket: LoadSocket) => void;
}

const FRAMES_AN_ACK = 4;
/** Bytes of a message that are examined; the rest is skipped as it arrives. */
const HEAD = 256;
const TO = Buffer.from('"to":');
const OK = Buffer.from('"ok":true');
const text = (body: string): Buffer => {
  const payload = Buffer.from(body);
  // Masked with zeros, which leaves the bytes as they are.
  const head =
    payload.length < 126
      ? [0x81, 0x80 | payload.length]
      : [0x81, 0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
};
const PONG = text('3');
const CONNECT = text('40');
/** All sockets read into one buffer: what is kept of it is copied. */
const chunk = Buffer.allocUnsafe(262_144);
let lastAck = { to: -1, bytes: PONG };

/**
 * A client as cheap as can be, so that the server is what is measured: Engine.IO and Socket.IO over a bare TCP socket,
 * messages counted and skipped, acknowledged as the SDK does (every four frames, or when asked to).
 */
export class LoadSocket {
  readonly #options: SocketOptions;
  readonly #net: Socket;
  #carry: Buffer | null = null;
  #skip = 0;
  #upgraded = false;
  #owed = 0;
  #to = -1;

  constructor(options: SocketOptions) {
    this.#options = options;
    const onread = {
      buffer: chunk,
      callback: (size: number) => {
        this.#read(chunk.subarray(0, size));
        return true;
      },
    };
    this.#net = connect({ port: options.port, host: '127.0.0.1', noDelay: true, onread });
    this.#net.on('error', options.failed);
    this.#net.on('close', () => options.failed(new Error('The server closed a socket.')));
    this.#net.write(handshake(options.port));
  }

  acknowledge(): void {
    if (this.#owed === 0) return;
    this.#owed = 0;
    if (lastAck.to !== this.#to) lastAck = { to: this.#to, bytes: text(`42["ack",{"to":${this.#to}}]`) };
    this.#net.write(lastAck.bytes);
  }

  #read(news: Buffer): void {
    const data = this.#carry === null ? news : Buffer.concat([this.#carry, news]);
    this.#carry = null;
    let at = this.#upgraded ? 0 : this.#upgrade(data);
    while (at < data.length) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, data.length - at);
        this.#skip -= skipped;
        at += skipped;
      } else {
        const taken = this.#take(data, at);
        if (taken === 0) {
          this.#carry = Buffer.from(data.subarray(at));
          return;
        }
        at += taken;
      }
    }
  }

  /** Where the answer to the handshake ends; it is kept while it is not whole. */
  #upgrade(data: Buffer): number {
    const end = data.indexOf('\r\n\r\n');
    if (end < 0) {
      this.#carry = Buffer.from(data);
      return data.length;
    }
    if (data[9] !== 0x31) this.#options.failed(new Error(`Refused: ${data.toString()}`));
    this.#upgraded = true;
    return end + 4;
  }

  /** Returns the header length of the message at `at`, whose payload is skipped next; 0 while too little has arrived. */
  #take(data: Buffer, at: number): number {
    const left = data.length - at;
    if (left < 2) return 0;
    const short = data[at + 1]!;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (left < head) return 0;
    const size = head === 2 ? short : head === 4 ? data.readUInt16BE(at + 2) : data.readUInt32BE(at + 6);
    if (left - head < Math.min(size, HEAD)) return 0;
    const { received } = this.#options;
    received.bytes += head + size;
    this.#skip = size;
    this.#handle(data.subarray(at + head, at + head + Math.min(size, HEAD)));
    return head;
  }

  #handle(message: Buffer): void {
    const [type, kind] = message;
    if (type === 0x32) this.#net.write(PONG);
    else if (type === 0x30) this.#net.write(CONNECT);
    else if (type !== 0x34) return;
    else if (kind === 0x32) this.#event(message);
    else if (kind === 0x30 && this.#options.subscribe !== null) {
      this.#net.write(text(`420${JSON.stringify(['subscribe', this.#options.subscribe])}`));
    } else if (kind === 0x30 || message.includes(OK)) this.#options.ready();
    else this.#options.failed(new Error(`Refused: ${message.toString()}`));
  }

  #event(message: Buffer): void {
    const { received, subscribe, owes } = this.#options;
    received.messages++;
    // 42["frame" or 42["beat"
    if (message[4] !== 0x66) return;
    received.frames++;
    if (subscribe === null) return;
    this.#to = readNumber(message, message.indexOf(TO) + TO.length);
    this.#owed++;
    if (this.#owed === FRAMES_AN_ACK) this.acknowledge();
    else if (this.#owed === 1) owes(this);
  }
}

function readNumber(bytes: Buffer, from: number): number {
  let value = 0;
  for (let at = from; bytes[at]! >= 0x30 && bytes[at]! <= 0x39; at++) value = value * 10 + bytes[at]! - 0x30;
  return value;
}

/** With the headers that a browser sends: the server may keep them for each connection. */
const handshake = (port: number): string =>
  [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Pragma: no-cache',
    'Cache-Control: no-cache',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'Upgrade: websocket',
    `Origin: http://127.0.0.1:${port}`,
    'Sec-WebSocket-Version: 13',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Accept-Language: en-GB,en;q=0.9',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
    '\r\n',
  ].join('\r\n');
