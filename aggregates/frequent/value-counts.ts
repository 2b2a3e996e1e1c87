import type { EventPosition } from '#contracts/event/event-position.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import type { State } from '#contracts/metric/state.ts';
import { murmurHash3 } from '../keys/murmur-hash3.ts';
import { utf8Bytes } from '../keys/utf8-bytes.ts';
import { xxHash32 } from '../keys/xx-hash32.ts';
import { addToCounters, COUNTERS } from './count-min.ts';
import { packText, unpackText, wordsOf } from './packed-text.ts';

/** Up to here every value has a count of its own; above it so many names are kept. */
export const MOST_VALUES = 1_024;
/** A longer value is counted as `__other__`, as in the dimensions of groups. UTF-8. */
export const MOST_BYTES = 128;

/** `first` and `second`: the lowest number that was drawn for one of its events. */
interface KnownValue {
  first: number;
  second: number;
  /** Events; of no meaning where there are counters. */
  count: number;
}

/**
 * How often each value occurred. While there are few values each has its count. When there are more, all events are in the counters of a
 * sketch (`count-min.ts`), and the names kept are those with the lowest numbers: each event draws one, by the hash of its position, and a
 * value has the lowest of its events, so that the more of them it has, the more surely it is kept (sampling proportional to size without replacement:
 * Rosén 1997; over streams Cohen 2015). Minima, sums, and the lowest so many of a union do not depend on order or on how events are split.
 */
export interface ValueCounts {
  /** There may be twice as many as are kept, so that they are seldom sorted. */
  values: Map<string, KnownValue>;
  /** Null while every value has its own count. */
  counters: Float64Array | null;
  /** No value whose number is beyond it is kept. */
  last: Pick<KnownValue, 'first' | 'second'> | null;
}

export const createValueCounts = (): ValueCounts => ({ values: new Map(), counters: null, last: null });

/** The number that an event draws: its position's hashes. */
const drawn = { first: 0, second: 0, count: 1 };
const POSITION = new Uint8Array(24);
const WORDS = new DataView(POSITION.buffer);

/** Writes a whole number as 64 bits, of two's complement below 0. */
function writeWhole(at: number, value: number): void {
  WORDS.setUint32(at, value, true);
  WORDS.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}

export function addValue(state: ValueCounts, text: string, at: EventPosition): void {
  writeWhole(0, at.ts);
  WORDS.setUint32(8, at.part, true);
  writeWhole(12, at.offset);
  WORDS.setUint32(20, at.index, true);
  drawn.first = murmurHash3(POSITION);
  drawn.second = xxHash32(POSITION);
  const name = nameOf(text);
  if (state.counters !== null) addToCounters(state.counters, name, 1);
  keepValue(state, name, drawn);
}

/** No character takes more than three bytes for each of its units. */
const nameOf = (text: string): string =>
  text.length * 3 <= MOST_BYTES || utf8Bytes(text).length <= MOST_BYTES ? text : OTHER;

export function mergeValues(into: ValueCounts, from: ValueCounts): void {
  if (from.counters !== null) {
    const counters = toCounters(into);
    for (let i = 0; i < COUNTERS; i++) counters[i]! += from.counters[i]!;
  }
  for (const [name, known] of from.values) {
    if (from.counters === null && into.counters !== null) addToCounters(into.counters, name, known.count);
    keepValue(into, name, known);
  }
}

function keepValue(state: ValueCounts, name: string, { first, second, count }: KnownValue): void {
  const known = state.values.get(name);
  if (known !== undefined) {
    known.count += count;
    if (compareDrawn({ first, second }, known) >= 0) return;
    known.first = first;
    known.second = second;
    return;
  }
  if (state.last !== null && compareDrawn({ first, second }, state.last) > 0) return;
  state.values.set(name, { first, second, count });
  if (state.values.size > MOST_VALUES) toCounters(state);
  if (state.values.size >= 2 * MOST_VALUES) prune(state);
}

const compareDrawn = (
  a: Pick<KnownValue, 'first' | 'second'>,
  b: Pick<KnownValue, 'first' | 'second'>,
): number => a.first - b.first || a.second - b.second;

function toCounters(state: ValueCounts): Float64Array {
  if (state.counters !== null) return state.counters;
  const counters = new Float64Array(COUNTERS);
  for (const [name, { count }] of state.values) addToCounters(counters, name, count);
  state.counters = counters;
  return counters;
}

type NamedValue = [name: string, known: KnownValue];

/** Returns the values that are kept, in any order. */
export const keptValues = (state: ValueCounts): NamedValue[] =>
  state.values.size > MOST_VALUES ? sortedValues(state) : [...state.values];

/** Returns the same by their numbers: the canonical form. */
const sortedValues = ({ values }: ValueCounts): NamedValue[] =>
  [...values].sort(([, a], [, b]) => compareDrawn(a, b)).slice(0, MOST_VALUES);

function prune(state: ValueCounts): void {
  const kept = sortedValues(state);
  state.values = new Map(kept);
  // A copy: a value that is kept may draw a lower number, and what lies between is still wanted.
  state.last = { ...kept.at(-1)![1] };
}

/** `keys`: of each value both halves of its number, then its length in bytes, then the texts; `counts`: of each value, or the counters. */
export function encodeValues(state: ValueCounts): State {
  const kept = sortedValues(state);
  const packed = kept.map(([name]) => packText(name));
  return {
    nums: [],
    keys: [
      ...kept.map(([, { first }]) => first),
      ...kept.map(([, { second }]) => second),
      ...packed.map(({ bytes }) => bytes),
      ...packed.flatMap(({ words }) => words),
    ],
    counts: state.counters === null ? kept.map(([, { count }]) => count) : Array.from(state.counters),
  };
}

export function decodeValues({ keys, counts }: State): ValueCounts {
  const state = createValueCounts();
  const values = Math.min(counts.length, MOST_VALUES);
  let at = 3 * values;
  for (let i = 0; i < values; i++) {
    const bytes = keys[i + 2 * values]!;
    const words = wordsOf(bytes);
    const known = { first: keys[i]!, second: keys[i + values]!, count: counts[i]! };
    state.values.set(unpackText(keys.slice(at, at + words), bytes), known);
    at += words;
  }
  if (counts.length > MOST_VALUES) state.counters = Float64Array.from(counts);
  return state;
}
