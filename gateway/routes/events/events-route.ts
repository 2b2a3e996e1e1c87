import type { FastifyInstance } from 'fastify';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { EVENT_PAGE } from '#contracts/event/event-page.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { refusalOfSome } from '#platform/access/caller.ts';
import { createBoundedQueue } from '#platform/process/tasks/bounded-queue.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { GatewayDeps } from '../../deps.ts';
import { problems } from '../definitions/definition-options.ts';
import { writePage } from './events-answer.ts';
import { PAGE_QUERY, readPageQuery } from './page-query.ts';

/** Archived events that a page looks at, about: half a second's work, when the engine has nothing else to do. */
const ROWS = 500_000;
/** Requests that wait for their turn. */
const MAX_WAITING = 100;

const tooMany = (most: number): Fault => ({
  code: 'too_many_waits',
  message: `${most} requests for events wait already; try again later.`,
});

/** Adds the route that serves archived events in pages. They are read one page at a time, so that views find the Store free. */
export function addEventsRoute(server: FastifyInstance, { store }: Pick<GatewayDeps, 'store'>): void {
  const reads = createBoundedQueue(MAX_WAITING, tooMany);
  server.get<{ Querystring: Record<string, unknown> }>('/v1/events', OPTIONS, async (request, reply) => {
    const forbidden = refusalOfSome(request.caller!, 'Events are');
    if (forbidden !== null) throw new MillraceError(forbidden);
    const asked = readPageQuery(request.query);
    if (!asked.ok) throw new MillraceError(asked.fault);
    // Pages are written in turn as well: none but one is in memory.
    const text = await reads.run(async () => {
      // Whoever is gone by now needs no answer.
      const page = reply.raw.destroyed ? NOTHING : await store.readEvents({ ...asked.value, rows: ROWS });
      return await runInTurns(writePage(page, asked.value.from));
    });
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
    return text;
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
