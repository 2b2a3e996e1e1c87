import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * Answers a function that tells how many bytes have come on a request's connection since it was last asked: heads,
 * bodies of any encoding, and what of them was thrown away.
 */
export function createBytesReadCounter(
  spend: (request: FastifyRequest, n: number) => void,
): (request: FastifyRequest) => void {
  const told = new WeakMap<Socket, number>();
  return (request) => {
    const { socket } = request.raw;
    const total = socket.bytesRead;
    // Requests that are injected have no connection.
    if (total === undefined) return;
    const fresh = total - (told.get(socket) ?? 0);
    if (fresh <= 0) return;
    told.set(socket, total);
    spend(request, fresh);
  };
}
