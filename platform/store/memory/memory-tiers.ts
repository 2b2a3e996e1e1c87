import type { PaneRow, RollUpMark } from '#contracts/log/rows.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { Expiry, PaneRange, RollUp, Store } from '../store.ts';
import type { AggregateOf, StoreAggregate } from '../store-aggregate.ts';
import { partitionOf, tierSpans } from '../tier-spans.ts';
import { compareRows } from './merge-rows.ts';

type PaneTable = Map<string, PaneRow>;

export interface TierTables {
  /** A metric's own. */
  panes: PaneTable;
  minute: PaneTable;
  hour: PaneTable;
  marks: Map<string, RollUpMark>;
}

export const TABLE_OF = { pane: 'panes', minute: 'minute', hour: 'hour' } as const;

export const createTierTables = (): TierTables => ({
  panes: new Map(),
  minute: new Map(),
  hour: new Map(),
  marks: new Map(),
});

export const inRange =
  ({ metric, version, from, to }: PaneRange) =>
  (r: PaneRow): boolean =>
    r.metric === metric && r.version === version && r.pane >= from && r.pane < to;

/** Of rows with equal identity the highest `next` holds. */
export function putPanes(table: PaneTable, rows: readonly PaneRow[]): void {
  for (const row of rows) {
    const key = JSON.stringify([row.metric, row.version, row.pane, groupKey(row.group), row.part]);
    const known = table.get(key);
    if (known === undefined || row.next >= known.next) table.set(key, structuredClone(row));
  }
}

/** Roll-ups, marks and reads over tiers of the reference Store. */
export function createTiers(
  tables: TierTables,
  aggregateOf: AggregateOf,
): Pick<Store, 'rollUp' | 'insertMarks' | 'readMarks' | 'readPaneSpan' | 'readTiers' | 'readVersions'> {
  return {
    async rollUp(rollUps) {
      for (const one of rollUps) {
        const rows = [...tables[TABLE_OF[one.source]].values()];
        putPanes(tables[one.tier.name], mergeUp(rows, one, aggregateOf(one.metric.aggregate)));
      }
    },
    async insertMarks(marks) {
      for (const mark of marks) {
        const key = JSON.stringify([mark.metric, mark.version, mark.partition, mark.tier]);
        const known = tables.marks.get(key);
        if (known === undefined || mark.upto >= known.upto) tables.marks.set(key, { ...mark });
      }
    },
    readMarks: async (of) => selectMarks(tables, of),
    async readPaneSpan(range, tier, rows) {
      const panes = [...tables[TABLE_OF[tier]].values()].filter(inRange(range)).map(({ pane }) => pane);
      const counted = panes.sort((a, b) => a - b).slice(0, rows);
      if (counted.length === 0) return null;
      return { first: counted[0]!, last: counted.at(-1)!, whole: counted.length < rows };
    },
    async readTiers({ metric, version, align, ...bounds }) {
      const marks = selectMarks(tables, { metric, version });
      const partitions = new Map<number, ReturnType<typeof tierSpans>>();
      const rows = (['hour', 'minute', 'pane'] as const).flatMap((tier) =>
        [...tables[TABLE_OF[tier]].values()].filter((row) => {
          const partition = partitionOf(row.part);
          const own = marks.filter((mark) => mark.partition === partition);
          const spans = partitions.get(partition) ?? tierSpans({ ...bounds, align }, own);
          partitions.set(partition, spans);
          return spans.some((span) => span.tier === tier && inRange({ metric, version, ...span })(row));
        }),
      );
      return structuredClone(rows)
        .sort(compareRows)
        .map(({ pane, group, part, state }) => ({ pane, group, part, state }));
    },
    async readVersions() {
      const found = new Map<string, { metric: string; version: number }>();
      for (const table of [tables.panes, tables.minute, tables.hour, tables.marks])
        for (const { metric, version } of table.values())
          found.set(`${version} ${metric}`, { metric, version });
      return [...found.values()];
    },
  };
}

function selectMarks({ marks }: TierTables, of?: { metric: string; version: number }): RollUpMark[] {
  const wanted = [...marks.values()].filter(
    (m) => of === undefined || (m.metric === of.metric && m.version === of.version),
  );
  return structuredClone(wanted).sort(
    (a, b) =>
      Buffer.compare(Buffer.from(a.metric), Buffer.from(b.metric)) ||
      a.version - b.version ||
      a.partition - b.partition ||
      a.tier - b.tier,
  );
}

/** One row for each coarse pane, group and part, with the highest `next` of what is merged in it. */
function mergeUp(
  rows: readonly PaneRow[],
  { metric, version, parts, tier, from, to }: RollUp,
  aggregate: StoreAggregate,
): PaneRow[] {
  const merged = new Map<string, { row: PaneRow; state: unknown }>();
  for (const row of rows.filter(inRange({ metric: metric.id, version, from, to }))) {
    if (!parts.includes(row.part)) continue;
    const pane = floorTo(row.pane, tier.size);
    const key = JSON.stringify([pane, groupKey(row.group), row.part]);
    const into = merged.get(key) ?? { row: { ...row, pane }, state: aggregate.create() };
    merged.set(key, into);
    into.row.next = Math.max(into.row.next, row.next);
    aggregate.merge(into.state, aggregate.decode(row.state));
  }
  return [...merged.values()].map(({ row, state }) => ({ ...row, state: aggregate.encode(state) }));
}

export function expireTiers(tables: TierTables, panes: Expiry['panes'], gone: Expiry['gone']): void {
  for (const { metric, version, tier, before, parts } of panes) {
    const table = tables[TABLE_OF[tier]];
    for (const [key, row] of table) {
      const isOld = inRange({ metric, version, from: Number.NEGATIVE_INFINITY, to: before })(row);
      if (isOld && (parts === null || parts.includes(row.part))) table.delete(key);
    }
  }
  for (const { metric, version } of gone) {
    for (const table of [tables.panes, tables.minute, tables.hour, tables.marks])
      for (const [key, row] of table) if (row.metric === metric && row.version === version) table.delete(key);
  }
}
