import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestGateway } from './start-gateway.ts';

/** What a client does with a connection that it will not let go: it sends, reads nothing more, and closes nothing. */
export interface HeldConnection {
  name: string;
  /** What is sent; a function is asked for it with what came before. */
  says: (string | Buffer | ((heard: string) => string | Buffer))[];
  /** Also the client has ended its half. */
  halfClosed?: true;
  /** It is ended by a heartbeat and not by its state. */
  beats?: true;
}

const HEAD = 'HTTP/1.1\r\nHost: localhost\r\n';
const get = (path: string, more = ''): string => `GET ${path} ${HEAD}${more}\r\n`;
const KEY = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
const POLLING = '/socket.io/?EIO=4&transport=polling';
const WEBSOCKET = '/socket.io/?EIO=4&transport=websocket';

/** A masked text frame of less than 126 bytes. */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
}

const sidOf = (heard: string): string => /"sid":"([^"]+)"/.exec(heard)![1]!;
const probe = (heard: string): string => get(`${WEBSOCKET}&sid=${sidOf(heard)}`, UPGRADE + KEY);

export const HELD: readonly HeldConnection[] = [
  { name: 'says nothing', says: [] },
  { name: 'sends empty lines', says: ['\r\n\r\n\r\n'] },
  { name: 'stops within the head', says: ['GET /live HTTP/1.1\r\nHos'] },
  { name: 'stops before the body', says: [`POST /v1/events ${HEAD}Content-Length: 100\r\n\r\n`] },
  {
    name: 'stops within chunks',
    says: [
      `PUT /v1/metrics/a ${HEAD}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a`,
    ],
  },
  {
    name: 'expects to be told to go on, and does not',
    says: [
      `PUT /v1/metrics/a ${HEAD}Content-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n`,
    ],
  },
  { name: 'expects what nobody knows', says: [get('/live', 'Expect: a miracle\r\n')] },
  { name: 'is idle after an answer', says: [get('/live'), () => ''] },
  { name: 'sends empty lines after an answer', says: [get('/live'), () => '\r\n'] },
  { name: 'offers HTTP/2', says: [get('/live', 'Connection: Upgrade\r\nUpgrade: h2c\r\n')] },
  { name: 'offers TLS', says: [get('/live', 'Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n')] },
  { name: 'offers a WebSocket elsewhere', says: [get('/v1/metrics', UPGRADE + KEY)] },
  { name: 'offers a WebSocket without a key', says: [get(WEBSOCKET, UPGRADE)] },
  {
    name: 'offers a WebSocket of another version',
    says: [get(WEBSOCKET, `${UPGRADE}${KEY.replace('13', '1')}`)],
  },
  { name: 'offers a WebSocket with a body', says: [get(WEBSOCKET, `${UPGRADE}${KEY}Content-Length: 9\r\n`)] },
  {
    name: 'opens a WebSocket and never enters',
    says: [get(WEBSOCKET, UPGRADE + KEY), () => ''],
    beats: true,
  },
  {
    name: 'is in by a WebSocket and reads nothing',
    says: [get(WEBSOCKET, UPGRADE + KEY), () => textFrame('40')],
    beats: true,
  },
  {
    name: 'never answers the end of a WebSocket',
    says: [get(WEBSOCKET, UPGRADE + KEY), () => textFrame('40'), () => textFrame('1')],
  },
  { name: 'polls', says: [get(POLLING), (heard) => get(`${POLLING}&sid=${sidOf(heard)}`)], beats: true },
  {
    name: 'probes a WebSocket beside its polls and never takes it',
    says: [get(POLLING), probe],
    beats: true,
  },
  { name: 'waits for a change', says: [get('/v1/metrics/orders/series'), waitFor] },
  { name: 'asks for a tunnel', says: [`CONNECT example.org:443 ${HEAD}\r\n`] },
  { name: 'begins TLS', says: [Buffer.from('16030100050100000103030a0b', 'hex')] },
  { name: 'begins HTTP/2', says: ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'] },
  { name: 'sends garbage', says: ['\0\x01\x02\r\n\r\n'] },
  {
    name: 'sends garbage behind a poll',
    says: [get(POLLING), (heard) => `${get(`${POLLING}&sid=${sidOf(heard)}`)}\0`],
  },
  { name: 'reads none of many large answers', says: [get('/openapi.json').repeat(90)] },
  { name: 'asks for more than may wait', says: [get('/openapi.json').repeat(500)] },
  {
    name: 'has ended its half before the answer',
    says: [get('/v1/metrics/orders/series'), waitFor],
    halfClosed: true,
  },
  { name: 'has ended its half and said nothing', says: [], halfClosed: true },
];

function waitFor(heard: string): string {
  const [, next] = /"next":"([^"]+)"/.exec(heard)!;
  return get(`/v1/metrics/orders/series?wait=60s&since=${encodeURIComponent(next!)}`);
}

/** Opens one; resolves when the server has taken what it says. */
export async function hold({ url }: Pick<TestGateway, 'url'>, held: HeldConnection): Promise<Socket> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  // The tests expect the server to cut it off.
  socket.on('error', () => {});
  await once(socket, 'connect');
  let heard = '';
  for (const say of held.says) {
    if (typeof say === 'function') {
      const next = once(socket, 'data');
      socket.resume();
      const [chunk] = (await next) as [Buffer];
      heard += chunk;
      socket.pause();
      socket.write(say(heard));
    } else socket.write(say);
  }
  if (held.halfClosed) socket.end();
  socket.pause();
  // Later requests are handled later: once these are answered, the server has read what was sent.
  for (let i = 0; i < 2; i++) await (await fetch(`${url}/live`)).text();
  return socket;
}
