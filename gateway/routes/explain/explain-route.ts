import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MillraceError } from '#contracts/errors.ts';
import { DERIVED_EXPLANATION, DIFFERENCES, EXPLANATION } from '#contracts/metric/explanation.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema } from '#contracts/schema/schema.ts';
import { mayRead, metricRefusal, refusalOfSome } from '#platform/access/caller.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { EventQuery } from '#platform/store/event-query.ts';
import type { GatewayDeps } from '../../deps.ts';
import { findWrittenMetric } from '../../views/metric-lookup.ts';
import { problems } from '../definitions/definition-options.ts';
import { findFoldedMetric } from '../definitions/find-folded-metric.ts';
import type { ArchiveReads } from '../events/archive-reads.ts';
import { writePage } from '../events/events-answer.ts';
import { PAGE_PARAMETERS, readPage } from '../events/page-query.ts';
import { CELL_PARAMETERS, readCells } from './cell-query.ts';
import { compareCells } from './compare-cells.ts';
import { explainCell } from './explain-cell.ts';
import { explainDerived, type PartCells } from './explain-derived.ts';
import { createPagedCells } from './paged-cells.ts';

type Asked = FastifyRequest<{ Params: { id: string }; Querystring: Record<string, unknown> }>;

const MEMBER = 'a parameter; there are';
const EXPLAIN_QUERY = {
  type: 'object',
  additionalProperties: false,
  member: MEMBER,
  properties: { ...CELL_PARAMETERS, ...PAGE_PARAMETERS },
} as const satisfies Schema;
const DIFFERS_QUERY = {
  type: 'object',
  additionalProperties: false,
  member: MEMBER,
  properties: CELL_PARAMETERS,
} as const satisfies Schema;

/** Adds the routes that say which events a number is made of, and what is different about them. */
export function addExplainRoutes(
  server: FastifyInstance,
  { store, catalog }: Pick<GatewayDeps, 'store' | 'catalog'>,
  reads: ArchiveReads,
): void {
  /** Whoever may read all events may read all metrics; a restricted key learns nothing of either. */
  const check = ({ caller, params: { id } }: Asked): void => {
    const forbidden = mayRead(caller!, id) ? refusalOfSome(caller!, 'Events are') : metricRefusal(id);
    if (forbidden !== null) throw new MillraceError(forbidden);
  };
  const paged = createPagedCells();
  const explain = async (
    { known, cells }: PartCells,
    page: Pick<EventQuery, 'limit' | 'before'>,
    mustGoOn: () => void,
  ): Promise<string> => {
    const explained = await explainCell(known, cells, page, { store, mustGoOn, paged });
    const events = await runInTurns(writePage(explained.page, cells.from));
    return `${JSON.stringify(explained.facts).slice(0, -1)},${events.slice(1)}`;
  };
  server.get('/v1/metrics/:id/explain', EXPLAIN_OPTIONS, async (request: Asked, reply) => {
    check(request);
    const known = taken(await findWrittenMetric(catalog, request.params.id, Number.POSITIVE_INFINITY));
    const asked = taken(readAs(EXPLAIN_QUERY, request.query, { code: 'invalid_parameter' }));
    const page = taken(readPage(asked));
    const explained = (part: PartCells): Promise<string> =>
      reads.run(reply, (mustGoOn) => explain(part, page, mustGoOn));
    const text =
      'derived' in known
        ? await explainDerived(asked, known, explained)
        : await explained({ known, cells: taken(readCells(asked, known.metric)) });
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
    return text;
  });
  server.get('/v1/metrics/:id/differs', DIFFERS_OPTIONS, async (request: Asked, reply) => {
    check(request);
    const known = await findFoldedMetric(catalog, request.caller!, request.params.id);
    const asked = taken(readAs(DIFFERS_QUERY, request.query, { code: 'invalid_parameter' }));
    const cells = taken(readCells(asked, known.metric));
    reply.header('cache-control', 'no-store');
    return reads.run(reply, (mustGoOn) => compareCells(known, cells, { store, mustGoOn }));
  });
}

function taken<T>(
  read: { ok: true; value: T } | { ok: false; fault: ConstructorParameters<typeof MillraceError>[0] },
): T {
  if (!read.ok) throw new MillraceError(read.fault);
  return read.value;
}

const COMMON = {
  tags: ['metrics'],
  params: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
};
const REFUSALS = problems([
  'invalid_parameter',
  'out_of_range',
  'invalid_filter',
  'not_a_dimension',
  'view_too_large',
  'forbidden_metric',
  'unknown_metric',
  'derived_metric',
  'too_many_waits',
  'store_unavailable',
]);

const EXPLAIN_OPTIONS = {
  config: { access: 'read' },
  validatorCompiler: () => () => true,
  schema: {
    ...COMMON,
    summary: 'The archived events that a number is made of, and those that are left out, with reasons',
    querystring: openApiOf(EXPLAIN_QUERY),
    response: {
      200: {
        description:
          'What a cell is made of; of a derived metric, what those that it is computed from are made of',
        anyOf: [openApiOf(EXPLANATION), openApiOf(DERIVED_EXPLANATION)],
      },
      ...REFUSALS,
    },
  },
} as const;

const DIFFERS_OPTIONS = {
  config: { access: 'read' },
  validatorCompiler: () => () => true,
  serializerCompiler: () => JSON.stringify,
  schema: {
    ...COMMON,
    summary: 'Values of properties whose share is different in a cell than outside of it',
    querystring: openApiOf(DIFFERS_QUERY),
    response: { 200: openApiOf(DIFFERENCES, { description: 'What is different' }), ...REFUSALS },
  },
} as const;
