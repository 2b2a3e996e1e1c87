import { OTHER } from '#contracts/metric/dimension.ts';
import type { Sort } from '../../app/url-state.ts';
import type { GroupRow } from '../feed/group-figures.ts';

/** What a list is ordered by: the place of a figure, or -1 for the name; the largest first, or the smallest. */
export interface Order {
  by: number;
  descending: boolean;
}

export interface RankOptions {
  order: Order;
  /** How many groups have a row of their own at most. */
  limit: number;
  /** How many rows there is room for, that of the others included; Infinity where the list scrolls. */
  room: number;
  /** Whether values may be added over groups: only then there are shares, and a sum of the others. */
  adds: boolean;
  /** How many groups there are, where only the highest are known; null where all of them are. */
  ranked?: number | null;
}

export interface RankedRow {
  series: number;
  key: string;
  group: readonly string[];
  figures: readonly number[];
  changed: number;
  still: number;
  /** Of all groups, by the first figure, 0 to 1; null where values do not add, or where some are negative. */
  share: number | null;
  /** Length of its bar, 0 to 1: the first figure as a part of the largest. */
  size: number;
}

/** The groups without a row of their own. */
export interface Others extends Omit<RankedRow, 'series' | 'key' | 'group'> {
  /** How many groups are known by name. */
  count: number;
  /** Whether there are more, which came beyond the cap of groups and have no name. */
  unnamed: boolean;
}

export interface Ranking {
  rows: RankedRow[];
  others: Others | null;
  /** How many groups there are, as far as they are counted. */
  groups: number;
}

/** The order of a list of groups, ties by name, and what does not fit into it as one row. */
export function rankGroups(all: Iterable<GroupRow>, options: RankOptions): Ranking {
  const named: GroupRow[] = [];
  const rest: GroupRow[] = [];
  for (const row of all) (row.rest === true || row.group.includes(OTHER) ? rest : named).push(row);
  const { order, limit, room, adds, ranked = null } = options;
  /** Groups that are counted, and have no row. */
  const uncounted = Math.max(0, (ranked ?? 0) - named.length);
  named.sort((a, b) => compareRows(a, b, order));
  const fits = named.length <= Math.min(limit, room) && rest.length === 0 && uncounted === 0;
  const own = fits ? named.length : Math.max(0, Math.min(limit, room - 1));
  const unnamed = rest.some((row) => row.rest !== true);
  const count = Math.max(0, named.length - own) + uncounted;
  rest.push(...named.slice(own));
  const figures = rest.length > 0 ? columnsOf(rest, adds) : (named[0]?.figures ?? []).map(() => Number.NaN);
  const scale = scaleOf([...named, ...rest.filter((r) => r.rest === true || r.group.includes(OTHER))], adds);
  const largest = Math.max(scale.largest, figures[0] || 0);
  const complete = (row: { figures: readonly number[]; changed: number; still: number }) => ({
    figures: [...row.figures],
    changed: row.changed,
    still: row.still,
    share: scale.total > 0 && !Number.isNaN(row.figures[0]) ? row.figures[0]! / scale.total : null,
    size: largest > 0 && Number.isFinite(largest) ? Math.max(0, (row.figures[0] || 0) / largest) : 0,
  });
  return {
    rows: named
      .slice(0, own)
      .map((row) => ({ series: row.series, key: row.key, group: row.group, ...complete(row) })),
    others:
      rest.length === 0 && uncounted === 0
        ? null
        : { ...complete({ figures, changed: 0, still: 0 }), count, unnamed },
    groups: Math.max(named.length, ranked ?? 0),
  };
}

/** Compares by size; rows without a value come last in both directions. */
function compareRows(a: GroupRow, b: GroupRow, { by, descending }: Order): number {
  const sign = descending ? -1 : 1;
  if (by < 0) return sign * compareNames(a, b);
  const [x, y] = [a.figures[by] ?? Number.NaN, b.figures[by] ?? Number.NaN];
  if (Number.isNaN(x) || Number.isNaN(y))
    return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || compareNames(a, b);
  return sign * (x < y ? -1 : Number(x > y)) || compareNames(a, b);
}

const compareNames = (a: GroupRow, b: GroupRow): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** The sum of each figure; NaN where values do not add or there is none. */
function columnsOf(rows: readonly GroupRow[], adds: boolean): number[] {
  return (rows[0]?.figures ?? []).map((_, i) => {
    const values = adds ? rows.map((row) => row.figures[i]!).filter((v) => !Number.isNaN(v)) : [];
    return values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0);
  });
}

/** The largest first figure, and what all come to together: 0 where a share of it says nothing. */
function scaleOf(rows: readonly GroupRow[], adds: boolean): { largest: number; total: number } {
  let [largest, total, least] = [0, 0, 0];
  for (const { figures } of rows) {
    const value = figures[0] || 0;
    largest = Math.max(largest, value);
    least = Math.min(least, value);
    total += value;
  }
  // A total that no number holds has no shares either.
  return { largest, total: adds && least >= 0 && Number.isFinite(total) ? total : 0 };
}

/** The order that a table shows: the reader's where the address holds one, else by the first output, the largest first. */
export function orderOf(sort: Sort | undefined, outputs: readonly string[]): Order {
  if (sort?.output === null) return { by: -1, descending: sort.descending };
  const by = sort === undefined ? -1 : outputs.indexOf(sort.output);
  return sort === undefined || by < 0 ? { by: 0, descending: true } : { by, descending: sort.descending };
}

/** What pressing the head of a column asks for: the column it has already turns round; figures begin with the largest, names with the first. */
export function nextSort(panel: string, output: string | null, now: Order, outputs: readonly string[]): Sort {
  const by = output === null ? -1 : outputs.indexOf(output);
  return { panel, output, descending: by === now.by ? !now.descending : output !== null };
}
