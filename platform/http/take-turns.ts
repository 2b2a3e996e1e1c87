import type { FastifyInstance } from 'fastify';
import { isTurnOver, nextTurn } from '#platform/process/turns.ts';

/**
 * Requests share the turns of the event loop with all other work: a thousand that come at once, on as many connections or in one
 * piece on one, are answered one after the other, and timers and other sockets get their turns between them.
 */
export function takeTurns(server: FastifyInstance): void {
  server.addHook('onRequest', (_request, _reply, done) => {
    if (isTurnOver()) void nextTurn().then(() => done());
    else done();
  });
}
