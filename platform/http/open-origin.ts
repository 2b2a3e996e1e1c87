import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

const OPEN_PATH = '/v1/events';

/** Events may be posted by the pages of any site; nothing else may be called across origins. */
export const isOpenToAllOrigins = (method: string, path: string): boolean =>
  method === 'POST' && path === OPEN_PATH;

/** CORS for that one address, preflight included. */
export function openEventsToAllOrigins(server: FastifyInstance): void {
  server.register(cors, {
    delegator: (request, done) => {
      const open = request.url?.split('?')[0] === OPEN_PATH;
      done(null, {
        origin: open ? '*' : false,
        methods: ['POST'],
        allowedHeaders: ['content-type', 'content-encoding', 'authorization'],
        exposedHeaders: ['retry-after'],
        maxAge: 86_400,
        strictPreflight: false,
      });
    },
  });
}
