import type { FastifyInstance } from 'fastify';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { EVENT_PAGE } from '#contracts/event/event-page.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { GatewayDeps } from '../../deps.ts';
import { problems } from '../definitions/definition-options.ts';
import { writePage } from './events-answer.ts';
import { PAGE_QUERY, readPageQuery } from './page-query.ts';

/** Archived events that a page looks at, about: half a second's work, when the engine has nothing else to do. */
const ROWS = 500_000;
/** Requests that wait for their turn. */
const MAX_WAITING = 100;

const NOT_ALL: Fault = {
  code: 'forbidden_metric',
  message: 'Events are of all metrics, and the key allows only some.',
};
const TOO_MANY: Fault = {
  code: 'too_many_waits',
  message: `${MAX_WAITING} requests for events wait already; try again later.`,
};

/** Adds the route that serves archived events in pages. They are read one page at a time, so that views find the Store free. */
export function addEventsRoute(server: FastifyInstance, { store }: Pick<GatewayDeps, 'store'>): void {
  const reads = createOneAtATime();
  let waiting = 0;
  server.get<{ Querystring: Record<string, unknown> }>('/v1/events', OPTIONS, async (request, reply) => {
    if (request.caller!.metrics !== null) throw new MillraceError(NOT_ALL);
    const asked = readPageQuery(request.query);
    if (!asked.ok) throw new MillraceError(asked.fault);
    if (waiting >= MAX_WAITING) throw new MillraceError(TOO_MANY);
    waiting += 1;
    try {
      const page = await reads.run(() =>
        // Whoever is gone by now needs no answer.
        reply.raw.destroyed ? NOTHING : store.readEvents({ ...asked.value, rows: ROWS }),
      );
      reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
      return await runInTurns(writePage(page, asked.value.from));
    } finally {
      waiting -= 1;
    }
  });
}

const NOTHING = { events: [], next: null };

const OPTIONS = {
  config: { access: 'read' },
  validatorCompiler: () => () => true,
  schema: {
    tags: ['events'],
    summary: 'Archived events, newest first, in pages',
    description:
      'A page that has looked at enough events ends with what it has found, possibly nothing; `next` goes on from there.',
    querystring: openApiOf(PAGE_QUERY),
    response: {
      200: openApiOf(EVENT_PAGE, { description: 'A page of events' }),
      ...problems([
        'invalid_parameter',
        'out_of_range',
        'invalid_filter',
        'forbidden_metric',
        'too_many_waits',
        'store_unavailable',
      ]),
    },
  },
} as const;
