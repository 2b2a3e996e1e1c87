import type { FastifyInstance } from 'fastify';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { METRIC_GROUPS } from '#contracts/view/metric-groups.ts';
import { createBoundedQueue } from '#platform/process/tasks/bounded-queue.ts';
import type { GatewayDeps, GatewaySettings } from '../../deps.ts';
import { problems } from '../definitions/definition-options.ts';
import { findFoldedMetric } from '../definitions/find-folded-metric.ts';
import { GROUPS_QUERY, readGroupsQuery } from './groups-query.ts';
import { readGroups } from './read-groups.ts';

/** Requests that wait for their turn. */
const MAX_WAITING = 20;

const tooMany = (most: number): Fault => ({
  code: 'too_many_waits',
  message: `${most} requests for groups wait already; try again later.`,
});

/** Adds the route that says how many groups a metric has, and which found no place. One is read at a time, so that views find the Store free. */
export function addGroupsRoute(
  server: FastifyInstance,
  { readRows }: Pick<GatewaySettings, 'readRows'>,
  { catalog, store, clock }: Pick<GatewayDeps, 'catalog' | 'store' | 'clock'>,
): void {
  const reads = createBoundedQueue(MAX_WAITING, tooMany);
  server.get<{ Params: { id: string }; Querystring: Record<string, unknown> }>(
    '/v1/metrics/:id/groups',
    OPTIONS,
    async (request, reply) => {
      const metric = await findFoldedMetric(catalog, request.caller!, request.params.id);
      const asked = readGroupsQuery(request.query, clock());
      if (!asked.ok) throw new MillraceError(asked.fault);
      reply.header('cache-control', 'no-store');
      // Whoever is gone by then needs no answer.
      return await reads.run(() =>
        reply.raw.destroyed ? null : readGroups(metric, asked.value, { store, readRows }),
      );
    },
  );
}

const OPTIONS = {
  config: { access: 'read' },
  validatorCompiler: () => () => true,
  serializerCompiler: () => JSON.stringify,
  schema: {
    tags: ['metrics'],
    summary: 'How many groups a metric has, and which are counted as `__other__`',
    description:
      'Counted in the archive: events that were removed from it are missing here, not in the series.',
    params: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    querystring: openApiOf(GROUPS_QUERY),
    response: {
      200: openApiOf(METRIC_GROUPS, { description: 'Its groups, level by level' }),
      ...problems([
        'invalid_parameter',
        'out_of_range',
        'unknown_metric',
        'derived_metric',
        'forbidden_metric',
        'view_too_large',
        'too_many_waits',
        'store_unavailable',
      ]),
    },
  },
} as const;
