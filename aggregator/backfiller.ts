import type { ActiveMetric } from '#contracts/rows.ts';
import { compileMetric } from './core/compile-metric.ts';
import type { Shared } from './deps.ts';
import type { Owner } from './owner.ts';
import type { Publisher } from './publisher.ts';

/**
 * Fills in what came before a metric's activation, one metric and partition at a time, by the SQL twin. Readers are
 * told before the commit row records it: a crash between the two tells them twice, never not at all.
 */
export function createBackfiller(shared: Shared, publisher: Publisher): () => Promise<void> {
  const fill = async ({ live }: Owner, { metric, version, definition, activation }: ActiveMetric) => {
    const compiled = compileMetric(metric, definition, Infinity);
    if (!compiled.ok) throw new Error(compiled.fault.message);
    const { partition, settings } = live;
    await shared.store.backfill({
      metric: compiled.value.metric,
      version,
      partition,
      from: 0,
      before: activation,
      groups: settings.groups,
      valueLength: settings.valueLength,
    });
    await publisher.announce({ kind: 'backfilled', metric, version, part: `~${partition}`, activation });
    live.markBackfilled(metric, version);
    shared.logger.info({ metric, partition, before: activation }, 'history filled in');
  };
  return async () => {
    for (const owner of [...shared.owners.values()]) {
      for (const active of owner.live.fillable) {
        if (shared.closing.aborted) return;
        await fill(owner, active);
      }
    }
  };
}
