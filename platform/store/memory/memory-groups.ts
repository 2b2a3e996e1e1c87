import type { ArchiveRow, PaneRow } from '#contracts/log/rows.ts';
import { cutGroup, groupKey, isTooLong, levelOf, OTHER } from '#contracts/metric/dimension.ts';
import { floorTo, isLate } from '#contracts/metric/pane.ts';
import type { GroupCounts, GroupLevel, GroupQuery, TooManyEvents } from '../group-query.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { readCounted } from './fold-rows.ts';

interface Rows {
  /** Of the metric version, of all times. */
  panes: readonly PaneRow[];
  events: readonly ArchiveRow[];
}

/** What `Store.countGroups` returns, in plain code, for the reference Store. */
export function countGroupsOf(
  { panes, events }: Rows,
  query: GroupQuery,
  aggregate: StoreAggregate,
): GroupCounts | TooManyEvents {
  const { metric, to } = query;
  const begins = new Map<string, number>();
  for (const { part, pane } of panes) begins.set(part, Math.min(begins.get(part) ?? pane, pane));
  const first = [...begins.values()].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const from = begins.size === 0 ? query.from : Math.max(query.from, first);
  const fits = newestThatFit(events, { ...query, from });
  if (fits !== null) return { fits };
  const inRange = panes.filter(({ pane }) => pane >= from && pane < to);
  const names = new Set(inRange.map(({ pane, part, group }) => nameKey(pane, part, group)));
  const counted = readCounted(events, metric, aggregate).flatMap(({ row, group: texts }) => {
    const pane = floorTo(row.ts, metric.pane);
    const part = partOf(row, query);
    if (pane < from || pane >= to || part === null || pane < (begins.get(part) ?? Infinity)) return [];
    const long = texts.findIndex((text) => isTooLong(text, query.valueLength ?? Infinity));
    const group = long < 0 ? texts : cutGroup(texts, long);
    let kept = group.length;
    const isNamed = (cut: string[]) => levelOf(cut) === kept && names.has(nameKey(pane, part, cut));
    while (kept > 0 && !isNamed(cutGroup(group, kept))) kept--;
    return [{ group, kept }];
  });
  const levelAt = (at: number): GroupLevel => {
    const cut = counted.map(({ group }) => group.slice(0, at));
    return {
      places: mostPlaces(inRange, at),
      distinct: new Set(cut.map(groupKey)).size,
      values: new Set(cut.map((group) => group.at(-1))).size,
      other: counted.filter(({ kept }) => kept < at).length,
      leftOut: heaviest(
        cut.filter((group, i) => counted[i]!.kept < at && !group.includes(OTHER)),
        query.limit,
      ),
    };
  };
  return { from, events: counted.length, levels: metric.groupBy.map((_, i) => levelAt(i + 1)) };
}

const nameKey = (pane: number, part: string, group: readonly string[]): string =>
  `${pane} ${part} ${groupKey(group)}`;

function newestThatFit(events: readonly ArchiveRow[], { metric, from, to, events: most }: GroupQuery) {
  const times = events
    .filter(
      ({ event, ts }) => ts >= from && ts < to + metric.pane && (metric.events?.includes(event) ?? true),
    )
    .map(({ ts }) => ts)
    .sort((a, b) => b - a);
  return times.length <= most ? null : times[most]! + 1;
}

/** The part that holds an event; null where none does. */
function partOf(row: ArchiveRow, { metric, sources }: GroupQuery): string | null {
  const source = sources.find(({ partition }) => partition === row.part);
  if (source === undefined) return null;
  const { partition, activation, before, backfilled, imports, late } = source;
  if (row.imported) return row.offset < imports ? `+${partition}` : null;
  if (isLate(row.ts, metric.lateness, row.watermark)) return row.offset < late ? `+${partition}` : null;
  if (row.offset >= before) return null;
  if (row.offset >= activation) return String(partition);
  return backfilled ? `~${partition}` : null;
}

function mostPlaces(panes: readonly PaneRow[], level: number): number {
  const taken = new Map<string, Set<string>>();
  for (const { pane, part, group } of panes) {
    if (levelOf(group) !== level) continue;
    const names = taken.get(`${pane} ${part}`) ?? new Set();
    taken.set(`${pane} ${part}`, names.add(groupKey(group)));
  }
  return [...taken.values()].reduce((most, { size }) => Math.max(most, size), 0);
}

function heaviest(groups: readonly string[][], limit: number): GroupLevel['leftOut'] {
  const found = [...Map.groupBy(groups, groupKey).values()].map((same) => ({
    group: same[0]!,
    events: same.length,
  }));
  const compare = (a: string[], b: string[]) =>
    Buffer.compare(Buffer.from(a.join('\0')), Buffer.from(b.join('\0')));
  return found.sort((a, b) => b.events - a.events || compare(a.group, b.group)).slice(0, limit);
}
