import { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from '#contracts/errors.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import { sendProblem } from '../refusals/problem.ts';
import type { Connections } from './connections.ts';

export interface UnansweredDeps {
  connections: Connections;
  metrics: Metrics;
  endWithAnswer: EndWithAnswer;
}

/**
 * Bounds the unanswered requests: a client may send requests without reading the answers, and each takes memory
 * until its answer has gone. A connection over its own limit is ended after the answers that are due on it.
 */
export function limitUnanswered(
  server: FastifyInstance,
  { pipelined, unanswered }: Pick<Settings['limits'], 'pipelined' | 'unanswered'>,
  { connections, metrics, endWithAnswer }: UnansweredDeps,
): void {
  server.addHook('onRequest', async (request, reply) => {
    const limit = connections.excessOf(request.raw);
    if (limit === null || (limit === 'unanswered' && request.routeOptions.config.unlimited)) return;
    metrics.add('millrace_http_limited_total', 1, { limit });
    if (limit === 'unanswered') return sendProblem(reply, overUnanswered(unanswered));
    endWithAnswer(request, reply);
    return sendProblem(reply, overPipelined(pipelined));
  });
}

const overPipelined = (limit: number): Fault => ({
  code: 'too_many_requests',
  message: `${limit} requests of this connection are waiting for their responses, as many as MILLRACE_PIPELINED allows; later ones were not read.`,
});

const overUnanswered = (limit: number): Fault => ({
  code: 'overloaded',
  message: `${limit} requests are waiting for their responses, as many as MILLRACE_UNANSWERED allows.`,
});

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
