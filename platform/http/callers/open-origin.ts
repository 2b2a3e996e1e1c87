import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const OPEN_PATH = '/v1/events';
/** A request that posts, and one that asks whether it may. */
const POSTING = ['POST', 'OPTIONS'];
const ORIGIN_READS = {
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'retry-after',
  vary: 'Origin',
};

/** Events may be posted by the pages of any site; nothing else may be called across origins. */
export const isOpenToAllOrigins = (method: string, path: string): boolean =>
  method === 'POST' && path === OPEN_PATH;

/** Whether the request, or the request that a preflight announces, posts events. */
const isPosting = ({ method, url, headers }: FastifyRequest): boolean =>
  isOpenToAllOrigins(
    method === 'OPTIONS' ? String(headers['access-control-request-method']) : method,
    url.split('?')[0]!,
  );

/**
 * CORS for that one address, preflight included. Beacons, and requests of pages that send their credentials along, are
 * answered too: a browser keeps the answer from them unless it names their origin. Nothing here reads a cookie, so the
 * credentials grant nothing; and any header may be sent, since tools for tracing add theirs to every request.
 */
export function openEventsToAllOrigins(server: FastifyInstance): void {
  // Before every other hook, so that a page can read each refusal as well.
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || request.method !== 'POST' || !isPosting(request)) return;
    reply.headers({ 'access-control-allow-origin': origin, ...ORIGIN_READS });
  });
  server.register(cors, {
    delegator: (request, done) => {
      done(null, {
        // Reading events has the same address, and is for pages of the server itself.
        origin: request.url?.split('?')[0] === OPEN_PATH && POSTING.includes(request.method),
        credentials: isPosting(request),
        methods: ['POST'],
        exposedHeaders: ['retry-after'],
        maxAge: 86_400,
        strictPreflight: false,
      });
    },
  });
}
