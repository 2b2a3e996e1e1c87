import type { Socket } from 'socket.io-client';
import type { Refusal } from '#contracts/view/protocol.ts';
import type { TestGateway } from './start-gateway.ts';

export type Transport = 'websocket' | 'polling';
export const TRANSPORTS: readonly Transport[] = ['websocket', 'polling'];

export interface Entry {
  transport: Transport;
  /** Socket.IO's `auth`, whatever it holds. */
  auth?: object;
  headers?: Record<string, string>;
}

/** Connects a client; resolves to its socket, or to its refusal: the `data` of its `connect_error`. */
export function enter(
  gateway: Pick<TestGateway, 'connect'>,
  { transport, auth = {}, headers = {} }: Entry,
): Promise<{ socket: Socket; refusal: Refusal | null }> {
  const socket = gateway.connect({ transports: [transport], auth, extraHeaders: headers });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve({ socket, refusal: null }));
    socket.once('connect_error', (error: Error & { data?: Refusal }) => {
      if (error.data === undefined) return reject(error);
      if (error.message !== error.data.code) return reject(new Error(`${error.message} is no code`));
      resolve({ socket, refusal: error.data });
    });
  });
}
