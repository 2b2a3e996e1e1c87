import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.ts';

/**
 * Makes `server.close()` a drain: no new connections, requests on open ones get `shutting_down`, running ones may end
 * within `limit` ms, and then what is left is cut.
 */
export function drainOnClose(server: FastifyInstance, limit: number): void {
  let closing = false;
  let cut: NodeJS.Timeout | null = null;
  server.addHook('preClose', async () => {
    closing = true;
    cut = setTimeout(() => server.server.closeAllConnections(), limit);
  });
  server.addHook('onClose', async () => {
    if (cut !== null) clearTimeout(cut);
  });
  server.addHook('onRequest', async (_, reply) => {
    if (!closing) return;
    reply.header('connection', 'close');
    return sendProblem(reply, { code: 'shutting_down', message: 'This process is stopping; send it again.' });
  });
}
