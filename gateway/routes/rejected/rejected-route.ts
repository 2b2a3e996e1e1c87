import type { FastifyInstance } from 'fastify';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { REJECTED_PAGE, type RejectedPage } from '#contracts/log/rejected-record.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { PROBLEM_SCHEMA } from '#platform/http/refusals/problem.ts';
import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { writeJson } from '#platform/process/tasks/write-json.ts';
import type { GatewayDeps } from '../../deps.ts';
import { readRejected } from './read-rejected.ts';
import { REJECTED_QUERY, type RejectedQuery, readRejectedQuery } from './rejected-query.ts';

/** Requests that may wait for those before them: one reads at a time, so that reading refusals delays nothing else. */
const MAX_WAITING = 50;

/** Adds the route that lists what was refused. It shows what the tail shows, so the same callers may read it. */
export function addRejectedRoute(server: FastifyInstance, { log }: Pick<GatewayDeps, 'log'>): void {
  const reads = createOneAtATime();
  let waiting = 0;
  const read = async (query: RejectedQuery, gone: AbortSignal): Promise<RejectedPage> => {
    if (waiting >= MAX_WAITING) throw new MillraceError(TOO_MANY);
    waiting++;
    try {
      return await reads.run(() => readRejected(log, query, gone));
    } finally {
      waiting--;
    }
  };
  server.get('/v1/rejected', OPTIONS, async (request, reply) => {
    if (request.caller!.metrics !== null) throw new MillraceError(NOT_OF_SOME_METRICS);
    const query = readRejectedQuery(request.query);
    if (!query.ok) throw new MillraceError(query.fault);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const page = await read(query.value, gone.signal);
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
    return await runInTurns(writeJson(page));
  });
}

const NOT_OF_SOME_METRICS: Fault = {
  code: 'forbidden_metric',
  message: 'Refusals concern events of all metrics, and the key allows only some.',
};
const TOO_MANY: Fault = {
  code: 'too_many_waits',
  message: `${MAX_WAITING} requests wait to read what was refused; try again in a moment.`,
};

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: PROBLEM_SCHEMA } },
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
      400: problem('invalid_parameter, out_of_range: `field` names the parameter'),
      403: problem('forbidden_metric: the key allows only some metrics'),
      429: problem('too_many_waits: too many requests read refusals at the same time'),
    },
  },
} as const;
