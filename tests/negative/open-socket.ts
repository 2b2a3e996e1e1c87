import { type IncomingMessage, request } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import type { Refusal } from '#contracts/view/protocol.ts';

export type Transport = 'websocket' | 'polling';
export const TRANSPORTS: Transport[] = ['websocket', 'polling'];

/** How a client connects: with which headers of the handshake, and which `auth`. */
export interface Arrival {
  headers?: Record<string, string>;
  /** Socket.IO's `auth`. */
  auth?: object;
}

/** An accepted socket, or the code of its refusal. */
export type Entered = { socket: Socket; code: null } | { socket: null; code: string };

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};

export async function openSocket(url: string, transport: Transport, arrival: Arrival): Promise<Entered> {
  // The library hides the answer to a refused handshake, so one is made by hand.
  const refused = await handshake(url, transport, arrival.headers ?? {});
  if (refused !== null) return { socket: null, code: refused };
  const socket = io(url, {
    transports: [transport],
    upgrade: false,
    reconnection: false,
    forceNew: true,
    auth: arrival.auth ?? {},
    extraHeaders: arrival.headers ?? {},
  });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve({ socket, code: null }));
    socket.once('connect_error', (error: Error & { data?: Refusal }) => {
      socket.close();
      if (error.data === undefined) reject(error);
      else resolve({ socket: null, code: error.data.code });
    });
  });
}

/** The code of a handshake that is refused; null for one that is not. */
export async function handshake(
  url: string,
  transport: Transport,
  headers: Record<string, string>,
  query = '',
): Promise<string | null> {
  const address = `${url}/socket.io/?EIO=4&transport=${transport}${query}`;
  const { status, text } = await fetchRaw(
    address,
    transport === 'websocket' ? { ...UPGRADE, ...headers } : headers,
  );
  if (status === 101 || status === 200) return null;
  return (JSON.parse(text) as { code: string }).code;
}

/** Like `fetch`, but with any header, Host too. */
export function fetchRaw(
  url: string,
  headers: Record<string, string>,
  method = 'GET',
  body?: string | Uint8Array,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers, method, agent: false }, (answer) => {
      readAll(answer).then((text) => resolve({ status: answer.statusCode!, text }), reject);
    });
    call.once('upgrade', (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode!, text: '' });
    });
    call.once('error', reject);
    call.end(body);
  });
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
