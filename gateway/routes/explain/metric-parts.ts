import type { CommitRow } from '#contracts/log/rows.ts';
import type { JudgedPartition } from '#platform/store/judged-events.ts';

/** How far the parts of a metric version are in a partition. */
export function partsIn({ part, next, facts }: CommitRow, metric: string, version: number): JudgedPartition {
  const active = facts.active.find((one) => one.metric === metric && one.version === version);
  return {
    partition: part,
    committed: next,
    activation: active?.activation ?? null,
    backfilled: active?.backfilled ?? false,
    imports: active?.added?.imports ?? 0,
    late: active?.added?.late?.filled ?? 0,
  };
}
