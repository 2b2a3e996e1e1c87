import { checkAggregate } from '#aggregates/registry.ts';
import { type Definition, foldsOf } from '#contracts/definitions.ts';
import { MillraceError } from '#contracts/errors.ts';
import { foldText, formatMetric, parseMetric } from '#contracts/metric.ts';
import { mayRead, metricRefusal } from '#platform/access/caller.ts';
import type { GatewayDeps } from '../deps.ts';
import type { DefinitionKind } from './definition-kind.ts';
import { METRIC_SCHEMA } from './metric-schema.ts';

type KindDeps = Pick<GatewayDeps, 'log' | 'store'>;

/** Metrics. A change of what is folded makes a new version, served once its history is filled in (rule 7). */
export function createMetricKind(horizon: number, deps: KindDeps): DefinitionKind {
  const rules = { checkAggregate, horizon };
  const foldOf = (id: string, body: unknown): string | null => {
    const metric = parseMetric(id, body, { ...rules, stored: true });
    return metric.ok ? foldText(metric.value) : null;
  };
  return {
    kind: 'metric',
    plural: 'metrics',
    unknown: 'unknown_metric',
    refusals: ['unknown_aggregate', 'invalid_window', 'invalid_filter', 'out_of_range'],
    forbid: (caller, id) => (mayRead(caller, id) ? null : metricRefusal(id)),
    schema: METRIC_SCHEMA,
    read(id, body) {
      const metric = parseMetric(id, body, rules);
      if (!metric.ok) throw new MillraceError(metric.fault);
      return formatMetric(metric.value);
    },
    versionOf(body, current) {
      if (current === undefined) return null;
      const fold = foldOf(current.id, body);
      const same = foldsOf(current).filter((known) => foldOf(current.id, known.body) === fold);
      return same.at(-1)?.version ?? null;
    },
    async describe(definition) {
      const { version, served } = definition;
      const headers = { 'millrace-version': String(served.version) };
      if (version === served.version) return headers;
      const filled = await readProgress(definition, deps);
      return { ...headers, 'millrace-pending-version': String(version), 'millrace-backfilled': filled };
    },
  };
}

/** How many partitions have reported the history of the newest version, such as `3/4`. */
async function readProgress({ id, version }: Definition, { log, store }: KindDeps): Promise<string> {
  const partitions = await log.bounds('events');
  const commits = await store.readCommits();
  const filled = commits.filter(({ facts }) =>
    facts.active.some((a) => a.metric === id && a.version === version && a.backfilled),
  );
  return `${filled.length}/${partitions.length}`;
}
