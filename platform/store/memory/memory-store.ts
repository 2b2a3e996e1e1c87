import { nextOf } from '#contracts/log/added.ts';
import {
  type ArchiveRow,
  addedPart,
  backfillPart,
  type CommitRow,
  type PaneRow,
} from '#contracts/log/rows.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import { HOUR } from '#contracts/text/duration.ts';
import { alignOf } from '#contracts/view/window-align.ts';
import { firstPane } from '../first-pane.ts';
import type { SqlFoldScope, Store } from '../store.ts';
import type { AggregateOf } from '../store-aggregate.ts';
import { addedRows } from './added-rows.ts';
import { foldedRows, foldRows, pointsOf } from './fold-rows.ts';
import { readPage } from './memory-events.ts';
import { countGroupsOf } from './memory-groups.ts';
import { countedRows, createJudgedReads } from './memory-judged.ts';
import { createMemoryPreview } from './memory-preview.ts';
import { sampleRows, spansOf } from './memory-samples.ts';
import {
  createTiers,
  createTierTables,
  expireTiers,
  inRange,
  putPanes,
  TABLE_OF,
  type TierTables,
} from './memory-tiers.ts';
import { compareRows, compareWindows, mergeRows } from './merge-rows.ts';

interface Tables extends TierTables {
  events: Map<string, ArchiveRow>;
  commits: Map<number, CommitRow>;
  keyUses: Map<string, number>;
}

/** The reference Store: the port's contract in plain maps. For tests and simulations; nothing is durable. */
export function createMemoryStore(deps: { aggregateOf: AggregateOf }): Store {
  const tables: Tables = { ...createTierTables(), events: new Map(), commits: new Map(), keyUses: new Map() };
  const tiers = createTiers(tables, deps.aggregateOf);
  const rowsOf = (partition: number): ArchiveRow[] =>
    [...tables.events.values()].filter((r) => r.part === partition);
  const fold = (scope: SqlFoldScope, part = String(scope.partition)): PaneRow[] => {
    const { metric, before } = scope;
    const aggregate = deps.aggregateOf(metric.aggregate);
    const from = aggregate.sequence === undefined ? scope.from : 0;
    const inScope = foldedRows(rowsOf(scope.partition), { metric, from, before });
    return structuredClone(foldRows({ ...scope, part, next: before }, inScope, aggregate));
  };
  return {
    async migrate() {},
    async insertPanes(rows) {
      putPanes(tables.panes, rows);
    },
    async insertEvents(rows) {
      for (const row of rows)
        tables.events.set(`${row.part}/${row.offset}/${row.index}`, structuredClone(row));
    },
    async insertCommits(rows) {
      for (const row of rows) {
        const known = tables.commits.get(row.part);
        if (known === undefined || row.next >= known.next) tables.commits.set(row.part, structuredClone(row));
      }
    },
    async readCommits() {
      return structuredClone([...tables.commits.values()].sort((a, b) => a.part - b.part));
    },
    async insertKeyUses(uses) {
      for (const { key, used } of uses)
        tables.keyUses.set(key, Math.max(used, tables.keyUses.get(key) ?? used));
    },
    async readKeyUses() {
      const uses = [...tables.keyUses].map(([key, used]) => ({ key, used }));
      return uses.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async readPartitionPanes(part, metric, version, from) {
      return selectPanes(
        tables,
        (r) => r.part === part && r.metric === metric && r.version === version && r.pane >= from,
      );
    },
    async readIds(partition, before, after, limit) {
      const rows = [...tables.events.values()].filter(
        (r) => r.part === partition && r.offset < before && r.ts > after && r.id !== null,
      );
      rows.sort((a, b) => a.offset - b.offset || a.index - b.index);
      return rows
        .slice(Math.max(0, rows.length - limit))
        .map(({ key, id, offset, index, ts }) => ({ key, id: id!, offset, index, ts }));
    },
    async readPoints(scope) {
      return pointsOf(rowsOf(scope.partition), scope, deps.aggregateOf(scope.metric.aggregate));
    },
    ...createReads(tables, deps.aggregateOf, tiers),
    ...createJudgedReads(tables, deps.aggregateOf),
    async countEvents() {
      return tables.events.size;
    },
    async readEvents(query) {
      return readPage([...tables.events.values()], query, (rows, scope) =>
        countedRows(rows, scope, tables, deps.aggregateOf),
      );
    },
    async countGroups(query) {
      const ofVersion = { metric: query.metric.id, version: query.version };
      const panes = selectPanes(tables, inRange({ ...ofVersion, from: 0, to: Number.MAX_SAFE_INTEGER }));
      const rows = { panes, events: [...tables.events.values()] };
      return countGroupsOf(rows, query, deps.aggregateOf(query.metric.aggregate));
    },
    async hasEventsBeside(idPrefix) {
      return [...tables.events.values()].some(({ id }) => id === null || !id.startsWith(idPrefix));
    },
    async runSqlFold(scope) {
      return fold(scope);
    },
    async backfill({ partitions, ...scope }) {
      for (const one of partitions) {
        putPanes(tables.panes, fold({ ...scope, ...one, from: 0 }, backfillPart(one.partition)));
      }
    },
    async fillAdded({ partitions, ...scope }) {
      const aggregate = deps.aggregateOf(scope.metric.aggregate);
      if (aggregate.sequence !== undefined) return;
      for (const one of partitions) {
        const added = addedRows(scope.metric, rowsOf(one.partition), one);
        const of = { ...scope, part: addedPart(one.partition), next: nextOf(one) };
        putPanes(tables.panes, foldRows(of, added, aggregate));
      }
    },
    preview: (scope) => createMemoryPreview(scope, rowsOf, deps.aggregateOf(scope.metric.aggregate)),
    async readSample(query) {
      return sampleRows([...tables.events.values()], query);
    },
    async readSpans({ limit, ...of }) {
      return spansOf(
        await tiers.readTiers({ ...of, from: 0, to: Number.MAX_SAFE_INTEGER, align: HOUR }),
        limit,
      );
    },
    ...tiers,
    async eraseEvents(key) {
      const erased = [...tables.events].filter(([, row]) => row.key === key);
      for (const [place] of erased) tables.events.delete(place);
      return { events: erased.length, names: [...new Set(erased.map(([, row]) => row.event))].sort() };
    },
    async expire({ panes, gone, eventsBefore }) {
      expireTiers(tables, panes, gone);
      for (const [key, row] of tables.events) if (row.received < eventsBefore) tables.events.delete(key);
    },
    async close() {},
  };
}

/** Reads for readers. */
function createReads(
  tables: Tables,
  aggregateOf: AggregateOf,
  { readTiers }: Pick<Store, 'readTiers'>,
): Pick<Store, 'readPanes' | 'readWindows' | 'countPanes' | 'readBegin' | 'readArchiveBegin'> {
  return {
    async readPanes({ after, limit, ...range }) {
      const rows = selectPanes(tables, inRange(range));
      const behind = after === undefined ? rows : rows.filter((row) => compareRows(row, after) > 0);
      return behind.slice(0, limit);
    },
    async readWindows({ after, limit, ...range }) {
      const { version, from, to, view } = range;
      const align = alignOf(view.windows);
      const rows = await readTiers({ metric: range.metric.id, version, from, to, align });
      const merged = mergeRows(rows, range, aggregateOf(range.metric.aggregate));
      const behind = after === undefined ? merged : merged.filter((row) => compareWindows(row, after) > 0);
      return behind.slice(0, limit);
    },
    async countPanes({ align = 1, ...range }) {
      const rows = await readTiers({ ...range, align });
      const groups = new Set(rows.map(({ group }) => groupKey(group))).size;
      const sizes = rows.map(
        ({ state: { nums, keys, counts } }) => nums.length + keys.length + counts.length,
      );
      return { rows: rows.length, groups, largest: sizes.reduce((a, b) => Math.max(a, b), 0) };
    },
    async readBegin(metric, version) {
      return firstPane(async (tier, before) => {
        const own = [...tables[TABLE_OF[tier]].values()].filter(
          (row) => row.metric === metric && row.version === version && row.pane < before,
        );
        return earliest(own.map((row) => row.pane));
      });
    },
    async readArchiveBegin() {
      return earliest([...tables.events.values()].map(({ ts }) => ts));
    },
  };
}

const earliest = (times: readonly number[]): number | null =>
  times.reduce<number | null>((found, time) => (found === null || time < found ? time : found), null);

/** Copies, ordered as the SQL Store orders them. */
function selectPanes(tables: Tables, wanted: (row: PaneRow) => boolean): PaneRow[] {
  const rows = [...tables.panes.values()].filter(wanted);
  return structuredClone(rows).sort(compareRows);
}
