import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AGGREGATES } from '#aggregates/registry.ts';
import { type Fault, MillraceError, shown } from '#contracts/errors.ts';
import type { Definition } from '#contracts/log/definition-record.ts';
import { parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { isDerived } from '#contracts/metric/derived-metric.ts';
import type { RebuildProgress } from '#contracts/view/rebuild-progress.ts';
import type { GatewayDeps } from '../../deps.ts';
import { rebuildProgress } from '../../status/rebuild-status.ts';
import type { SystemTail } from '../../status/system-tail.ts';
import { findMetric } from '../definitions/find-metric.ts';
import { preconditionFailed } from '../definitions/preconditions.ts';
import { REBUILD_OPTIONS } from './rebuild-options.ts';

type WithId = FastifyRequest<{ Params: { id: string } }>;

const URL = '/v1/metrics/:id/rebuild';

const computed = (id: string): Fault => ({
  code: 'derived_metric',
  field: 'id',
  message: `${id} is computed from other metrics and counts no events; rebuild those.`,
});

/** Adds the routes by which late events come to count for a metric: POST asks for it, DELETE cancels it, GET says how far it is. */
export function addRebuildRoutes(
  server: FastifyInstance,
  { catalog: follower, log, store }: Pick<GatewayDeps, 'catalog' | 'log' | 'store'>,
  system: Pick<SystemTail, 'backfillFailure'>,
): void {
  const find = async (request: WithId): Promise<Definition> => {
    const found = await findMetric(follower, request.caller!, request.params.id);
    if (isDerived(found.body)) throw new MillraceError(computed(found.id));
    return found;
  };
  const progressOf = async (request: WithId): Promise<RebuildProgress> => {
    const partitions = (await log.bounds('events')).length;
    const commits = await store.readCommits();
    const definition = await find(request);
    const failure = system.backfillFailure(definition.id, definition.version);
    return rebuildProgress(definition, { partitions, commits, failure });
  };
  /** Fails where the metric has got another version meanwhile. */
  const write = async (request: WithId, cancelled: boolean): Promise<void> => {
    const { id, version } = await find(request);
    const { applied } = await follower.write({ kind: 'rebuild', id, version, cancelled });
    if (!applied) throw preconditionFailed('The metric was changed meanwhile; read it again.');
  };
  server.get(URL, REBUILD_OPTIONS.get, (request: WithId) => progressOf(request));
  server.post(URL, REBUILD_OPTIONS.post, async (request: WithId, reply) => {
    refuseSequences(await find(request));
    await write(request, false);
    return reply.code(202).send(await progressOf(request));
  });
  server.delete(URL, REBUILD_OPTIONS.delete, async (request: WithId) => {
    const before = await progressOf(request);
    if (before.state !== 'running') return before;
    await write(request, true);
    return progressOf(request);
  });
}

/** An event that is late would change what those after it have added, in panes that are final. */
function refuseSequences({ id, body }: Definition): void {
  const call = parseAggregate(body?.aggregate, { stored: true });
  if (!call.ok || AGGREGATES.get(call.value.name)?.of(call.value).sequence === undefined) return;
  throw new MillraceError({
    code: 'not_rebuildable',
    field: 'id',
    message: `${shown(id)} counts how events follow each other (${call.value.name}): late ones have no place there. A greater lateness keeps more of them, in a new version.`,
  });
}
