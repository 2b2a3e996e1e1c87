import type { FastifyInstance } from 'fastify';
import { MillraceError } from '#contracts/errors.ts';
import { EVENT_PAGE } from '#contracts/event/event-page.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { refusalOfSome } from '#platform/access/caller.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { GatewayDeps } from '../../deps.ts';
import { problems } from '../definitions/definition-options.ts';
import type { ArchiveReads } from './archive-reads.ts';
import { writePage } from './events-answer.ts';
import { PAGE_QUERY, readPageQuery } from './page-query.ts';

/** Archived events that a page looks at, about: half a second's work, when the engine has nothing else to do. */
export const ROWS = 500_000;
/** Adds the route that serves archived events in pages. They are read one page at a time, so that views find the Store free. */
export function addEventsRoute(
  server: FastifyInstance,
  { store }: Pick<GatewayDeps, 'store'>,
  reads: ArchiveReads,
): void {
  server.get<{ Querystring: Record<string, unknown> }>('/v1/events', OPTIONS, async (request, reply) => {
    const forbidden = refusalOfSome(request.caller!, 'Events are');
    if (forbidden !== null) throw new MillraceError(forbidden);
    const asked = readPageQuery(request.query);
    if (!asked.ok) throw new MillraceError(asked.fault);
    // Pages are written in turn as well: none but one is in memory.
    const text = await reads.run(reply, async () => {
      const page = await store.readEvents({ ...asked.value, rows: ROWS });
      return await runInTurns(writePage(page, asked.value.from));
    });
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
    return text;
  });
}

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
