import type { RollUpMark } from '#contracts/log/rows.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { TIERS } from '#contracts/metric/tier.ts';
import type { RollUp, Store } from '../store.ts';
import { partsOf } from '../tier-spans.ts';
import { T0 } from './store-samples.ts';

/** Rolls up a metric from `T0` to each of the marks, and marks it. */
export async function rollTo(
  store: Store,
  metric: RollUp['metric'],
  marks: readonly RollUpMark[],
): Promise<void> {
  for (const tier of TIERS) {
    const own = marks.filter((mark) => mark.tier === tier.size);
    const source = tier.name === 'hour' ? 'minute' : 'pane';
    await store.rollUp(
      own.map(({ version, partition, upto }) => {
        const parts = partsOf(partition);
        return { metric, version, parts, tier, source, from: floorTo(T0, tier.size), to: upto };
      }),
    );
    await store.insertMarks(own);
  }
}

export const markAt = (metric: string, partition: number, tier: number, upto: number): RollUpMark => ({
  metric,
  version: 1,
  partition,
  tier,
  upto,
});
