import { comparePositions, type EventPosition } from '#contracts/event/event-position.ts';
import { SECOND } from '#contracts/text/duration.ts';
import type { EventLine } from '../event-row/event-line.ts';

/** Events as one list, wherever they came from: the newest first, in the order of the archive, each once. */
export interface EventList {
  readonly lines: readonly EventLine[];
  /** By second: how many events came in it that are not in the list, as far as that is counted. */
  readonly left: ReadonlyMap<number, number>;
  /** Seconds from which on, or below which, an unknown number of events is not in the list. */
  readonly unsure: ReadonlySet<number>;
}

export const NO_EVENTS: EventList = { lines: [], left: new Map(), unsure: new Set() };

/** The second of a time. */
export const secondOf = (time: number): number => Math.floor(time / SECOND) * SECOND;

/** Below 0 when `a` stands above `b`: it is newer. */
const compareLines = (a: EventLine, b: EventLine): number => comparePositions(positionOf(b), positionOf(a));

function positionOf({ time, position }: EventLine): EventPosition {
  const [part = 0, offset = 0, index = 0] = (position ?? '').split(':').map(Number);
  return { ts: time, part, offset, index };
}

/** Returns the list with more events, each once: what is archived replaces what the tail told of it. Those without a place are left out. */
export function addLines(list: EventList, incoming: readonly EventLine[]): EventList {
  const byPlace = new Map<string, EventLine>();
  for (const line of [...list.lines, ...incoming]) {
    if (line.position === null) continue;
    const known = byPlace.get(line.position);
    if (known === undefined || known.archived === null) byPlace.set(line.position, line);
  }
  return { ...list, lines: [...byPlace.values()].sort(compareLines) };
}

/** Returns the list with events that came in a second and are not in it. */
export function addLeft(list: EventList, second: number, count: number): EventList {
  if (count === 0) return list;
  const left = new Map(list.left);
  left.set(second, (left.get(second) ?? 0) + count);
  return { ...list, left };
}

/** Returns the list in which it is not known how many events are lacking around a second. */
export const addUnsure = (list: EventList, second: number): EventList => ({
  ...list,
  unsure: new Set(list.unsure).add(second),
});

/** Both in one. */
export function joinLists(a: EventList, b: EventList): EventList {
  let joined = addLines(a, b.lines);
  for (const [second, count] of b.left) joined = addLeft(joined, second, count);
  for (const second of b.unsure) joined = addUnsure(joined, second);
  return joined;
}

/** Returns at most `most` events, the newest or the oldest ones, and what is said about their seconds. */
export function cutList(list: EventList, most: number, keep: 'newest' | 'oldest'): EventList {
  if (list.lines.length <= most && list.left.size <= most) return list;
  const lines = keep === 'newest' ? list.lines.slice(0, most) : list.lines.slice(-most);
  const [newest, oldest] = [lines[0], lines.at(-1)];
  const isKept = (second: number): boolean =>
    keep === 'newest'
      ? oldest === undefined || second >= secondOf(oldest.time)
      : newest === undefined || second <= secondOf(newest.time);
  const left = [...list.left].filter(([second]) => isKept(second)).sort(([a], [b]) => b - a);
  return {
    lines,
    left: new Map(keep === 'newest' ? left.slice(0, most) : left.slice(-most)),
    unsure: new Set([...list.unsure].filter(isKept)),
  };
}

/** Without what is older than the last event: before older pages are read, it would stand there alone. */
export function dropBelow(list: EventList, last: EventLine | undefined): EventList {
  if (last === undefined) return list;
  return { ...list, lines: list.lines.filter((line) => compareLines(line, last) <= 0) };
}

/** Events of one second or minute, under a rule of their own. */
export interface TimeGroup {
  /** Where it begins, epoch ms. */
  start: number;
  lines: readonly EventLine[];
  /** Events of it that are not shown. */
  left: number;
  unsure: boolean;
}

/** The list in groups of `length` ms; those of which nothing is shown have a rule too. */
export function byTime({ lines, left, unsure }: EventList, length: number): TimeGroup[] {
  const groups = new Map<number, { lines: EventLine[]; left: number; unsure: boolean }>();
  const groupAt = (time: number) => {
    const start = Math.floor(time / length) * length;
    const known = groups.get(start) ?? { lines: [], left: 0, unsure: false };
    groups.set(start, known);
    return known;
  };
  for (const line of lines) groupAt(line.time).lines.push(line);
  for (const [second, count] of left) groupAt(second).left += count;
  for (const second of unsure) groupAt(second).unsure = true;
  return [...groups].sort(([a], [b]) => b - a).map(([start, group]) => ({ start, ...group }));
}

/** What the rule of a group says behind its time. */
export function ruleText({ lines, left, unsure }: TimeGroup): string {
  if (left > 0) return `${lines.length} shown, ${left} not shown`;
  if (unsure) return `${lines.length} shown, more came and are not shown`;
  return `${lines.length} shown`;
}
