import { createNumberFormat } from '../../format/format-number.ts';
import { SLOTS } from '../ink/color-slots.ts';
import { rankTraces } from './rank-traces.ts';
import { createRing } from './ring.ts';
import type { Palette, Trace } from './trace.ts';

/** Traces with a colour of their own in one panel: more colours cannot be told apart. */
export const MOST_DRAWN = SLOTS;

/** How the traces of a panel are drawn. */
export interface DrawRules {
  /** Whether groups add: then those without a place of their own are drawn as their sum. */
  adds: boolean;
  stacked: boolean;
  /** How many groups there are, where a view shows only the highest; null where it shows all. */
  ranked: number | null;
}

/** What of all traces is drawn. */
export interface Drawn {
  /** In drawing order; of a stack the bottom first. */
  traces: Trace[];
  /** The sum of `rest`, last of `traces`; null where there is none. */
  others: Trace | null;
  /** The traces that `others` is the sum of. */
  rest: Trace[];
  /** Traces that are drawn in no way. */
  hidden: number;
}

export const NOTHING_DRAWN: Drawn = { traces: [], others: null, rest: [], hidden: 0 };

/**
 * The order in which traces deserve a place, by weight over the range and with hysteresis (see `rankTraces`): the
 * heaviest is the calm ground of a stack, and an order that followed each value would make every band flicker.
 * What the aggregator itself calls "other" comes last.
 */
export function rankDrawn(
  all: readonly Trace[],
  before: readonly string[],
  weigh: (trace: Trace) => number,
): string[] {
  const named = all.filter((trace) => !trace.rest);
  return rankTraces(
    named.map((trace) => ({ key: trace.key, weight: Math.abs(weigh(trace)) })),
    before,
    MOST_DRAWN,
  );
}

/** Splits `all` by the ranked keys: the drawn, their sum, the hidden. Lines and bars beside each other keep the order of their groups. */
export function chooseDrawn(
  all: readonly Trace[],
  ranked: readonly string[],
  rules: DrawRules,
  capacity: number,
): Drawn {
  const chosen = new Set(ranked);
  const own = all.filter((trace) => chosen.has(trace.key));
  if (rules.stacked) own.sort((a, b) => ranked.indexOf(a.key) - ranked.indexOf(b.key));
  const left = all.filter((trace) => !chosen.has(trace.key));
  const unseen = rules.ranked === null ? 0 : Math.max(0, rules.ranked - groupsIn(own));
  if (!rules.adds) {
    const named = left.filter((trace) => !trace.rest);
    if (named.length + unseen > 0)
      return { traces: own, others: null, rest: [], hidden: Math.max(left.length, unseen) };
  }
  const name = rules.ranked === null ? nameOthers(left) : nameCount(unseen);
  // What the gateway or the aggregator has summed already.
  if (left.length <= 1 && left.every((trace) => trace.rest)) {
    if (rules.ranked !== null) for (const trace of left) trace.name = name;
    return { traces: [...own, ...left], others: null, rest: [], hidden: 0 };
  }
  if (!rules.adds) return { traces: [...own, ...left], others: null, rest: [], hidden: 0 };
  const others: Trace = {
    key: 'others',
    colorKey: '',
    name,
    group: '',
    rest: true,
    sums: true,
    slot: null,
    ring: createRing(capacity),
  };
  return { traces: [...own, others], others, rest: left, hidden: 0 };
}

/** How many there are is known only without the aggregator's own "other". */
function nameOthers(left: readonly Trace[]): string {
  if (left.some((trace) => trace.rest)) return 'others';
  return nameCount(left.length);
}

/** A name lasts while formats are chosen: its number is grouped by a space, which reads alike in all of them. */
const nameCount = (others: number): string =>
  others === 1 ? '1 other' : `${createNumberFormat('space').fixed(others, 0)} others`;

/** Returns how many groups have a trace of their own. */
export const groupsIn = (traces: readonly Trace[]): number =>
  new Set(traces.filter((trace) => !trace.rest).map((trace) => trace.group)).size;

/** Gives the drawn their colours. Sums have the grey of "other". */
export function colorDrawn(traces: readonly Trace[], palette: Palette): void {
  const named = traces.filter((trace) => !trace.rest);
  const slots = palette.claim(named.map((trace) => trace.colorKey));
  named.forEach((trace, i) => {
    trace.slot = slots[i]!;
  });
  for (const trace of traces) if (trace.rest) trace.slot = { number: 0 };
}

/** Colours that are hard to tell apart where they touch, for some eyes in one of the themes; and all kinds of pink. */
export const ALIKE: readonly (readonly number[])[] = [
  [1, 6],
  [2, 7],
  [2, 8],
  [3, 7],
  [3, 8],
  [4, 5],
  [4, 6],
  [5, 6],
  [6, 8],
  [5, 7],
  [5, 8],
  [7, 8],
];

const areAlike = (a: Trace, b: Trace): boolean =>
  ALIKE.some((pair) => pair.includes(a.slot?.number ?? 0) && pair.includes(b.slot?.number ?? 0));

/** The bands of a stack in the order nearest to theirs in which no two alike touch. */
export function separateAlike(traces: readonly Trace[]): Trace[] {
  const named = traces.filter((trace) => !trace.rest);
  const apart = arrange(named) ?? named;
  return [...apart, ...traces.filter((trace) => trace.rest)];
}

/** At most eight are arranged, and few are alike: the first tries mostly do. */
function arrange(left: readonly Trace[], below?: Trace): Trace[] | null {
  if (left.length === 0) return [];
  for (const next of left) {
    if (below !== undefined && areAlike(below, next)) continue;
    const others = left.filter((trace) => trace !== next);
    const above = arrange(others, next);
    if (above !== null) return [next, ...above];
  }
  return null;
}

/** Writes the sum of the rest for one window: NaN where none of them has a value. */
export function sumOthers({ others, rest }: Drawn, index: number): void {
  if (others === null) return;
  let sum = Number.NaN;
  for (const { ring } of rest) {
    const value = ring.get(index);
    if (!Number.isNaN(value)) sum = (Number.isNaN(sum) ? 0 : sum) + value;
  }
  others.ring.set(index, sum);
}
