import type { SystemRecord } from '#contracts/log/system-record.ts';
import type { Shared } from './deps.ts';
import { type Counted, countedBy, type Owner } from './owner.ts';

type Figures = Pick<SystemRecord, 'totals' | 'gauges'>;

/** The worker's figures: for the `system` topic, and as Prometheus measurements once a second. */
export interface Measure {
  /** Totals of the owned partitions since the log began, and gauges now. */
  totals(): Figures;
  /** Brings the Prometheus measurements up to date. */
  update(): void;
}

const KEYS = ['events', 'duplicates', 'repeatedBlocks', 'rejected', 'late', 'skipped'] as const;
const OUTCOMES = {
  events: 'folded',
  duplicates: 'duplicate',
  rejected: 'rejected',
  late: 'late',
  skipped: 'skipped',
};

const BY_METRIC = {
  late: 'millrace_aggregator_late_events_total',
  overflowed: 'millrace_aggregator_overflowed_events_total',
} as const;

export function createMeasure({ owners, metrics }: Shared): Measure {
  // What each owner had counted at the last update: its counters continue from its commit row, ours start at zero.
  const before = new WeakMap<Owner, Counted>();

  const totals = (): Figures => {
    const all = [...owners.values()];
    const sum = (of: (owner: Owner) => number) => all.reduce((s, owner) => s + of(owner), 0);
    return {
      totals: Object.fromEntries(KEYS.map((key) => [key, sum(({ live }) => live.counters[key])])),
      gauges: {
        partitions: all.length,
        lag: sum(({ live, end }) => Math.max(0, end - live.nextOffset)),
        openCells: sum(({ live }) => live.sizes.openCells),
        pendingRows: sum(({ live }) => live.sizes.pending),
        liveIds: sum(({ live }) => live.sizes.liveIds),
        sequencePoints: sum(({ live }) => live.sizes.sequencePoints),
      },
    };
  };
  const addDifferences = (owner: Owner): void => {
    const { live } = owner;
    const last = before.get(owner) ?? owner.opened;
    const now = countedBy(live);
    before.set(owner, now);
    for (const [key, outcome] of Object.entries(OUTCOMES)) {
      const field = key as keyof typeof OUTCOMES;
      const by = live.counters[field] - last.counters[field];
      if (by > 0) metrics.add('millrace_aggregator_events_total', by, { outcome });
    }
    const repeated = live.counters.repeatedBlocks - last.counters.repeatedBlocks;
    metrics.add('millrace_aggregator_repeated_blocks_total', repeated);
    metrics.add('millrace_aggregator_ids_dropped_total', live.droppedIds - last.droppedIds);
    const notRemembered = now.idsNotRemembered - last.idsNotRemembered;
    metrics.add('millrace_aggregator_ids_not_remembered_total', notRemembered);
    for (const [kind, name] of Object.entries(BY_METRIC)) {
      const field = kind as keyof typeof BY_METRIC;
      for (const [metric, count] of now[field]) {
        const by = count - (last[field].get(metric) ?? 0);
        if (by > 0) metrics.add(name, by, { metric });
      }
    }
  };
  return {
    totals,
    update() {
      for (const owner of owners.values()) addDifferences(owner);
      const { gauges } = totals();
      metrics.set('millrace_aggregator_lag_blocks', gauges.lag!);
      metrics.set('millrace_aggregator_open_cells', gauges.openCells!);
      metrics.set('millrace_aggregator_pending_rows', gauges.pendingRows!);
      metrics.set('millrace_aggregator_live_ids', gauges.liveIds!);
      metrics.set('millrace_aggregator_sequence_points', gauges.sequencePoints!);
    },
  };
}
