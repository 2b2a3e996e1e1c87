import { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Makes the answer to a request the last one of its connection: nothing more is read from it. */
export type EndWithAnswer = (request: FastifyRequest, reply: FastifyReply) => void;

/** To be called before hooks that end connections: what of a connection is read already is dropped. */
export function createLastAnswer(server: FastifyInstance): EndWithAnswer {
  const ended = new WeakSet<object>();
  server.addHook('onRequest', async ({ raw }, reply) => {
    if (ended.has(raw.socket)) return reply.hijack();
  });
  return ({ raw }, reply) => {
    reply.header('connection', 'close');
    ended.add(raw.socket);
    // Requests that are injected have none.
    if (raw.socket instanceof Socket) raw.socket.pause();
  };
}
