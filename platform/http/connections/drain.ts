import type { FastifyInstance } from 'fastify';
import { sendProblem } from '../refusals/problem.ts';
import type { Connections } from './connections.ts';

/**
 * Makes `server.close()` a drain: no new connections, requests on open ones get `shutting_down`, running ones may end
 * within `limit` ms, and then what is left is cut, whatever it is.
 */
export function drainOnClose(server: FastifyInstance, connections: Connections, limit: number): void {
  let closing = false;
  server.addHook('preClose', async () => {
    closing = true;
    connections.drain(limit);
  });
  server.addHook('onClose', async () => connections.close());
  server.addHook('onRequest', async (_, reply) => {
    if (!closing) return;
    reply.header('connection', 'close');
    return sendProblem(reply, { code: 'shutting_down', message: 'This process is stopping; send it again.' });
  });
}
