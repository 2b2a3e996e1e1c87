import type { SequencePoint } from '#contracts/metric/sequence.ts';

/** What chains are made of: the bits of a point's value say which steps it may be, that of the first step the lowest. */
export interface ChainRules {
  steps: number;
  /** ms from the entry to the last step at most. */
  span: number;
}

/** How far a chain comes from its entry. */
export interface Reached {
  /** The time of the entry. */
  ts: number;
  /** The highest step, from 1 on. */
  step: number;
  /** ms from the entry to the last step; null where that is not reached. */
  time: number | null;
}

const bitOf = (step: number): number => 1 << (step - 1);

/**
 * Returns what the entries have reached that come to a step earlier by the point at a place, which has just been put there, or at all; and
 * the point itself, where it is an entry. From an entry the first point that may be a step is the best one, since all that follows a later
 * one follows it too. So a chain is made by taking each step as early as it comes, and of the entries those change that come to the step
 * before it earlier than the point, and no earlier than the last point which may be the same step: for each step they follow each other.
 * The work is a look at each point within the span before and after it at most, and a time for each entry that changes.
 */
export function advance(points: readonly SequencePoint[], place: number, rules: ChainRules): Reached[] {
  const { ts, value } = points[place]!;
  const reached: Reached[] = [];
  if ((value & 1) !== 0) reached.push(...reachedBy(points, { rules, place, step: 1, entries: [ts] }));
  for (const { step, from, to } of advancing(points, place, rules)) {
    const entries: number[] = [];
    for (let i = from; i <= to; i++) if ((points[i]!.value & 1) !== 0) entries.push(points[i]!.ts);
    reached.push(...reachedBy(points, { rules, place, step, entries }));
  }
  return reached;
}

/** The place of the first point from which one at `ts` may be reached. */
export function beginOf(
  points: readonly SequencePoint[],
  { place, ts }: { place: number; ts: number },
): number {
  let [low, high] = [0, place];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.ts < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of entries at places from … to the point is a step. */
interface Advancing {
  step: number;
  from: number;
  to: number;
}

/** The latest chain to the point as a step, and to the last point before it that may be the same step: what each waits for, back in time. */
interface Search {
  step: number;
  /** Steps of either chain before those that are found; at 0 `latest` is the place of the entry. */
  waits: number;
  latest: number;
  /** The last entry that comes to the step before the point anyway. */
  waitsEarlier: number;
  earlier: number;
}

function advancing(
  points: readonly SequencePoint[],
  place: number,
  { steps, span }: ChainRules,
): Advancing[] {
  const { ts, value } = points[place]!;
  const begin = beginOf(points, { place, ts: ts - span });
  let open: Search[] = [];
  for (let step = 2; step <= steps; step++)
    if ((value & bitOf(step)) !== 0)
      open.push({ step, waits: step - 1, latest: -1, waitsEarlier: step, earlier: begin - 1 });
  const found: Search[] = [];
  let wanted = wantedBy(open);
  for (let i = place - 1; i >= begin && open.length > 0; i--) {
    const bits = points[i]!.value;
    if ((bits & wanted) === 0) continue;
    for (const search of open) look(search, bits, i);
    // Both wait for the same from here on: no entry is between them.
    open = open.filter(({ waits, waitsEarlier }) => waits === 0 || waits !== waitsEarlier);
    found.push(...open.filter(({ waitsEarlier }) => waitsEarlier === 0));
    open = open.filter(({ waitsEarlier }) => waitsEarlier > 0);
    wanted = wantedBy(open);
  }
  return [...found, ...open]
    .filter(({ waits }) => waits === 0)
    .map(({ step, latest, earlier }) => ({ step, from: earlier + 1, to: latest }));
}

/** A point may be one step of each chain. */
function look(search: Search, bits: number, place: number): void {
  if (search.waits > 0 && (bits & bitOf(search.waits)) !== 0) {
    search.waits -= 1;
    if (search.waits === 0) search.latest = place;
  }
  if ((bits & bitOf(search.waitsEarlier)) === 0) return;
  search.waitsEarlier -= 1;
  if (search.waitsEarlier === 0) search.earlier = place;
}

const wantedBy = (searches: readonly Search[]): number =>
  searches.reduce(
    (bits, { waits, waitsEarlier }) => bits | (waits > 0 ? bitOf(waits) : 0) | bitOf(waitsEarlier),
    0,
  );

/** What entries reach, in the order of time, which come to a step at a place. */
function reachedBy(
  points: readonly SequencePoint[],
  { rules: { steps, span }, place, step, entries }: ReachedBy,
): Reached[] {
  const until = (entries.at(-1) ?? Number.NEGATIVE_INFINITY) + span;
  /** Times of the step and of those after it. */
  const times = [points[place]!.ts];
  for (let i = place + 1; i < points.length && points[i]!.ts <= until; i++) {
    const next = step + times.length;
    if (next > steps) break;
    if ((points[i]!.value & bitOf(next)) !== 0) times.push(points[i]!.ts);
  }
  return entries.map((ts) => {
    let last = times.length - 1;
    while (times[last]! - ts > span) last -= 1;
    const highest = step + last;
    return { ts, step: highest, time: highest === steps ? times[last]! - ts : null };
  });
}

interface ReachedBy {
  rules: ChainRules;
  place: number;
  step: number;
  /** Their times. */
  entries: readonly number[];
}
