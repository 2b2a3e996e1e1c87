import process from 'node:process';
import type { FastifyInstance } from 'fastify';
import { isTurnOver, nextTurn } from '#platform/process/tasks/turns.ts';

/**
 * Requests share the turns of the event loop with all other work: a thousand that come at once, each on its own connection or
 * all in one chunk, are answered one after the other, and timers and other sockets get their turns between them.
 */
export function serveInTurns(server: FastifyInstance): void {
  // Those of one piece begin before any of them is answered: all but the first wait in line.
  let isFirst = true;
  server.addHook('onRequest', (_request, _reply, done) => {
    if (!isFirst || isTurnOver()) {
      void nextTurn().then(() => done());
      return;
    }
    isFirst = false;
    process.nextTick(() => {
      isFirst = true;
    });
    done();
  });
}
