import { comparePositions, type EventPosition } from '#contracts/event/event-position.ts';
import { compileFilter } from '#contracts/filter/compile-filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import { type EventQuery, type StoredEventPage, withinPanes } from '../event-query.ts';
import type { JudgedScope } from '../judged-events.ts';

/** Reads a page of the rows, as `Store.readEvents` says: all that the budget allows are looked at, one by one. */
export function readPage(
  rows: readonly ArchiveRow[],
  asked: EventQuery,
  countedOf: (rows: readonly ArchiveRow[], scope: JudgedScope) => readonly ArchiveRow[],
): StoredEventPage {
  const query = withinPanes(asked);
  const { before, limit, counted } = query;
  const left = rows
    .filter((row) => isInRange(row, query) && (before === undefined || comparePositions(row, before) < 0))
    .sort((a, b) => comparePositions(b, a));
  const fits = compileQuery(query);
  const rowsCounted = counted === undefined ? null : new Set(countedOf(left, counted));
  const isWanted = (row: ArchiveRow): boolean => (rowsCounted?.has(row) ?? true) && fits(row);
  const events: ArchiveRow[] = [];
  let looked = 0;
  for (const [i, row] of left.entries()) {
    if (events.length === limit) return { events, next: positionOf(events.at(-1)!) };
    const isMore = looked >= query.rows && row.ts < left[i - 1]!.ts;
    if (isMore) return { events, next: { ts: left[i - 1]!.ts, part: 0, offset: 0, index: 0 } };
    if (!isIndexed(query)) looked += 1;
    if (isWanted(row)) events.push(structuredClone(row));
  }
  return { events, next: null };
}

const positionOf = ({ ts, part, offset, index }: ArchiveRow): EventPosition => ({ ts, part, offset, index });

const isInRange = ({ ts }: ArchiveRow, { from = -Infinity, to = Infinity }: EventQuery): boolean =>
  ts >= from && ts < to;

const isIndexed = ({ key, id, position }: EventQuery): boolean =>
  key !== undefined || id !== undefined || position !== undefined;

function compileQuery({ events, key, id, position, where }: EventQuery): (row: ArchiveRow) => boolean {
  const fits = compileFilter(where, compilePattern);
  return (row) =>
    (events === undefined || events.includes(row.event)) &&
    (key === undefined || row.key === key) &&
    (id === undefined || row.id === id) &&
    (position === undefined || isAt(row, position)) &&
    fits({ ...row, properties: JSON.parse(row.properties) as Record<string, unknown> });
}

const isAt = (row: ArchiveRow, { part, offset, index }: Omit<EventPosition, 'ts'>): boolean =>
  row.part === part && row.offset === offset && row.index === index;
