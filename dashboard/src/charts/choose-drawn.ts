import { SLOTS } from './color-slots.ts';
import { rankTraces } from './rank-traces.ts';
import { createRing } from './ring.ts';
import type { Palette, Trace } from './trace.ts';

/** Traces with a colour of their own in one panel: more are not told apart. */
export const MOST_DRAWN = SLOTS;

/** How the traces of a panel are drawn. */
export interface DrawRules {
  /** Whether groups add: then those without a place of their own are drawn as their sum. */
  adds: boolean;
  stacked: boolean;
}

/** What of all traces is drawn. */
export interface Drawn {
  /** In drawing order; of a stack the bottom first. */
  traces: Trace[];
  /** The sum of `rest`, last of `traces`; null where there is none. */
  others: Trace | null;
  /** What `others` stands for. */
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
  // "Other" of the aggregator alone is a sum already.
  if (left.every((trace) => trace.rest))
    return { traces: [...own, ...left], others: null, rest: [], hidden: 0 };
  if (!rules.adds) return { traces: own, others: null, rest: [], hidden: left.length };
  const others: Trace = {
    key: 'others',
    name: nameOthers(left),
    rest: true,
    slot: null,
    ring: createRing(capacity),
  };
  return { traces: [...own, others], others, rest: left, hidden: 0 };
}

/** How many there are is known only without the aggregator's own "other". */
function nameOthers(left: readonly Trace[]): string {
  if (left.some((trace) => trace.rest)) return 'others';
  return left.length === 1 ? '1 other' : `${left.length.toLocaleString()} others`;
}

/** Gives the drawn their colours, and takes back those of `before` that are drawn no more. Sums have the grey of "other". */
export function colorDrawn(
  traces: readonly Trace[],
  before: readonly Trace[],
  palette: Palette | null,
): void {
  if (palette === null) return;
  const keys = new Set(traces.map((trace) => trace.key));
  for (const trace of before) if (!trace.rest && !keys.has(trace.key)) palette.release(trace.key);
  traces.forEach((trace, i) => {
    trace.slot = trace.rest ? { number: 0 } : palette.claim(trace.key, i);
  });
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
