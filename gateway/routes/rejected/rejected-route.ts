import type { FastifyInstance } from 'fastify';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { REJECTED_PAGE } from '#contracts/log/rejected-record.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { refusalOfSome } from '#platform/access/caller.ts';
import { createBoundedQueue } from '#platform/process/tasks/bounded-queue.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { writeJson } from '#platform/process/tasks/write-json.ts';
import type { GatewayDeps } from '../../deps.ts';
import { problems } from '../definitions/definition-options.ts';
import { readRejected } from './read-rejected.ts';
import { REJECTED_QUERY, readRejectedQuery } from './rejected-query.ts';

/** Requests that may wait for those before them: one reads at a time, so that reading refusals delays nothing else. */
const MAX_WAITING = 50;

/** Adds the route that lists what was refused. It shows what the tail shows, so the same callers may read it. */
export function addRejectedRoute(server: FastifyInstance, { log }: Pick<GatewayDeps, 'log'>): void {
  const reads = createBoundedQueue(MAX_WAITING, tooMany);
  server.get('/v1/rejected', OPTIONS, async (request, reply) => {
    const forbidden = refusalOfSome(request.caller!, 'Refusals concern events');
    if (forbidden !== null) throw new MillraceError(forbidden);
    const query = readRejectedQuery(request.query);
    if (!query.ok) throw new MillraceError(query.fault);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const page = await reads.run(() => readRejected(log, query.value, gone.signal));
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
    return await runInTurns(writeJson(page));
  });
}

const tooMany = (most: number): Fault => ({
  code: 'too_many_waits',
  message: `${most} requests wait to read what was refused; try again in a moment.`,
});

const OPTIONS = {
  config: { access: 'read' },
  validatorCompiler: () => () => true,
  schema: {
    tags: ['operation'],
    summary: 'What was refused of events and of requests to send them, newest first',
    querystring: openApiOf(REJECTED_QUERY),
    response: {
      200: openApiOf(REJECTED_PAGE),
      ...problems(['invalid_parameter', 'out_of_range', 'forbidden_metric', 'too_many_waits']),
    },
  },
} as const;
