import type { RollUp, RowSpan } from '#aggregator/core/roll-ups/roll-up-step.ts';
import type { CommitRow, PaneRow, RollUpMark } from '#contracts/log/rows.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { Tier } from '#contracts/metric/tier.ts';

/** Small, so that every boundary is met often. */
export const SIM_TIERS: readonly Tier[] = [
  { name: 'minute', size: 4_000 },
  { name: 'hour', size: 8_000 },
];

type Source = RollUp['source'];
type Table = Map<string, PaneRow>;

/** The tiers of the simulated Store, and their marks. */
export interface SimTiers {
  marks: Map<string, RollUpMark>;
  /** What a statement has read, to be written row by row: it is not one instant. */
  merge(rollUp: RollUp): PaneRow[];
  put(tier: Tier['name'], row: PaneRow): void;
  putMark(mark: RollUpMark): void;
  paneSpan(
    range: { metric: string; version: number; from: number; to: number },
    tier: Source,
    rows: number,
  ): RowSpan | null;
  /** The first mark that says more than is true, of the versions that `isChecked`; null where none does. */
  check(commits: ReadonlyMap<number, CommitRow>, isChecked: (mark: RollUpMark) => boolean): string | null;
}

const keyOf = ({ metric, version, part, pane, group }: PaneRow): string =>
  `${metric}@${version} ${part} ${pane} ${group.join()}`;
const markKey = ({ metric, version, partition, tier }: RollUpMark): string =>
  `${metric}@${version} ${partition} ${tier}`;

export function createSimTiers(panes: Table): SimTiers {
  const tables: Record<Source, Table> = { pane: panes, minute: new Map(), hour: new Map() };
  const marks = new Map<string, RollUpMark>();
  const put = (tier: Tier['name'], row: PaneRow): void => {
    const known = tables[tier].get(keyOf(row));
    if ((known?.next ?? -1) <= row.next) tables[tier].set(keyOf(row), structuredClone(row));
  };
  return {
    marks,
    merge: ({ metric, version, parts, tier, source, from, to }) => [
      ...mergeRows(
        [...tables[source].values()].filter(
          (row) =>
            row.metric === metric.id &&
            row.version === version &&
            parts.includes(row.part) &&
            row.pane >= from &&
            row.pane < to,
        ),
        tier.size,
      ).values(),
    ],
    put,
    putMark(mark) {
      const known = marks.get(markKey(mark));
      if (known === undefined || known.upto <= mark.upto) marks.set(markKey(mark), mark);
    },
    paneSpan({ metric, version, from, to }, tier, rows) {
      const found = [...tables[tier].values()].filter(
        (row) => row.metric === metric && row.version === version && row.pane >= from && row.pane < to,
      );
      const panes = found.map(({ pane }) => pane).sort((a, b) => a - b);
      const counted = panes.slice(0, rows);
      if (counted.length === 0) return null;
      return { first: counted[0]!, last: counted.at(-1)!, whole: counted.length < rows };
    },
    check(commits, isChecked) {
      for (const mark of [...marks.values()].filter(isChecked)) {
        const fault = checkMark(mark, commits.get(mark.partition), tables);
        if (fault !== null) return fault;
      }
      return null;
    },
  };
}

function mergeRows(rows: readonly PaneRow[], size: number): Map<string, PaneRow> {
  const merged = new Map<string, PaneRow>();
  for (const row of rows) {
    const coarse = { ...row, pane: floorTo(row.pane, size) };
    const known = merged.get(keyOf(coarse));
    const nums = [(known?.state.nums[0] ?? 0) + row.state.nums[0]!];
    const next = Math.max(known?.next ?? 0, row.next);
    merged.set(keyOf(coarse), { ...coarse, next, state: { nums, keys: [], counts: [] } });
  }
  return merged;
}

/** What the mark covers in the tier against a direct merge of the panes; a back-fill counts once it is recorded. */
function checkMark(
  mark: RollUpMark,
  commit: CommitRow | undefined,
  tables: Record<Source, Table>,
): string | null {
  const active = commit?.facts.active.find(
    (one) => one.metric === mark.metric && one.version === mark.version,
  );
  if (active === undefined) return null;
  const parts = active.backfilled ? [`${mark.partition}`, `~${mark.partition}`] : [`${mark.partition}`];
  const covered = (row: PaneRow) =>
    row.metric === mark.metric &&
    row.version === mark.version &&
    parts.includes(row.part) &&
    row.pane < mark.upto;
  const tier = SIM_TIERS.find(({ size }) => size === mark.tier)!;
  const wanted = mergeRows([...tables.pane.values()].filter(covered), tier.size);
  const found = new Map([...tables[tier.name]].filter(([, row]) => covered(row)));
  for (const key of new Set([...wanted.keys(), ...found.keys()])) {
    const [is, ought] = [found.get(key)?.state.nums[0], wanted.get(key)?.state.nums[0]];
    if (is !== ought)
      return `${tier.name} of ${key}, marked up to ${mark.upto}: found ${is}, expected ${ought}`;
  }
  return null;
}
