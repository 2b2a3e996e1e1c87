import { floorTo } from '#contracts/metric/pane.ts';
import {
  type Contribution,
  comparePoints,
  SEQUENCE_HOUR,
  SEQUENCE_MINUTE,
  type SequencePoint,
} from '#contracts/metric/sequence.ts';
import { beginOnTime, neededPoints, type SequenceRules } from './sequence-rules.ts';

/** Sequences that are looked at before other work may run. */
const SWEPT_A_STEP = 2_000;

/** The sequence of a key within a group. */
export interface SequenceName {
  /** No other group and key has it. */
  name: string;
  key: string;
}

interface Sequence {
  /** In order: those that an event on time may still precede or change, and the last one before. */
  points: SequencePoint[];
  /** Hours of its events in which events on time may still be. */
  hours: number[];
}

/**
 * The sequences of a metric version in one partition, as far as events that come can still change what they contribute. What it holds
 * is a function of the log: it is the same after a restart that reads the archive.
 */
export class Sequences {
  readonly #rules: SequenceRules;
  #byName = new Map<string, Sequence>();
  /** Sequences with events in an hour. */
  #hours = new Map<number, number>();
  /** The minute up to which it was swept. */
  #swept = Number.NEGATIVE_INFINITY;
  /** Points in memory, a run being one. */
  size = 0;

  constructor(rules: SequenceRules) {
    this.#rules = rules;
  }

  /** Adds an event that is on time; returns what that changes, null where it is beyond the bounds. `watermark`: as it was judged by. */
  add({ name, key }: SequenceName, point: SequencePoint, watermark: number | null): Contribution[] | null {
    const { form } = this.#rules;
    const sequence = this.#byName.get(name) ?? { points: [], hours: [] };
    this.#prune(sequence, watermark);
    if (countInMinute(sequence.points, point.ts) >= form.bounds.points) return null;
    if (!this.#enter(sequence, floorTo(point.ts, SEQUENCE_HOUR))) return null;
    this.#byName.set(name, sequence);
    return this.#changing(sequence, ({ points }) =>
      form.insert(points, put(points, point), { ...this.#rules, key }),
    );
  }

  /** Adds a point that was counted before, in any order. */
  restore(name: string, point: SequencePoint): void {
    const sequence = this.#byName.get(name) ?? { points: [], hours: [] };
    this.#byName.set(name, sequence);
    this.#enter(sequence, floorTo(point.ts, SEQUENCE_HOUR));
    const { form, call } = this.#rules;
    this.#changing(sequence, ({ points }) => {
      const place = put(points, point);
      form.runs?.join(points, place, call);
    });
  }

  /** Times at which an event of this time may change something, beside its own. */
  touched(name: string, ts: number): number[] {
    const { form } = this.#rules;
    const points = this.#byName.get(name)?.points ?? [];
    return form.touched(points, placeOf(points, ts), { ...this.#rules, ts });
  }

  /** Drops what no event on time follows or precedes any more, once a minute. No result depends on it; anything else may be done between its steps. */
  *sweeping(watermark: number | null): Generator<undefined, void, unknown> {
    const { hold, lateness } = this.#rules;
    const begin = beginOnTime(lateness, watermark);
    if (floorTo(begin, SEQUENCE_MINUTE) <= this.#swept) return;
    this.#swept = floorTo(begin, SEQUENCE_MINUTE);
    for (const hour of this.#hours.keys()) if (hour + SEQUENCE_HOUR <= begin) this.#hours.delete(hour);
    let looked = 0;
    for (const [name, sequence] of this.#byName) {
      if (++looked % SWEPT_A_STEP === 0) yield;
      this.#prune(sequence, watermark);
      const last = sequence.points.at(-1);
      if (sequence.hours.length > 0 || (last !== undefined && last.ts >= begin - hold)) continue;
      this.size -= sequence.points.length;
      this.#byName.delete(name);
    }
  }

  /** Whether it is, or becomes, one of the sequences of the hour. */
  #enter(sequence: Sequence, hour: number): boolean {
    if (sequence.hours.includes(hour)) return true;
    const count = this.#hours.get(hour) ?? 0;
    if (count >= this.#rules.form.bounds.sequences) return false;
    this.#hours.set(hour, count + 1);
    sequence.hours.push(hour);
    return true;
  }

  /** Keeps count of the points. */
  #changing<T>(sequence: Sequence, change: (sequence: Sequence) => T): T {
    const before = sequence.points.length;
    const result = change(sequence);
    this.size += sequence.points.length - before;
    return result;
  }

  /** How many of the first ones nothing needs that comes from a time on. */
  #closed(points: readonly SequencePoint[], open: number): number {
    const { form, call } = this.#rules;
    let closed = 0;
    if (form.runs === undefined) while (closed + 1 < points.length && points[closed + 1]!.ts < open) closed++;
    else while (closed < points.length && form.runs.isOver(points[closed]!, open, call)) closed++;
    return closed;
  }

  #prune(sequence: Sequence, watermark: number | null): void {
    const { points } = sequence;
    const begin = beginOnTime(this.#rules.lateness, watermark);
    const { open } = neededPoints(this.#rules, watermark);
    const closed = this.#closed(points, open);
    if (closed > 0) this.#changing(sequence, () => points.splice(0, closed));
    if (sequence.hours.some((hour) => hour + SEQUENCE_HOUR <= begin))
      sequence.hours = sequence.hours.filter((hour) => hour + SEQUENCE_HOUR > begin);
  }
}

/** Puts a point where it belongs; returns its place. */
function put(points: SequencePoint[], point: SequencePoint): number {
  let place = placeOf(points, point.ts);
  // Of one time it comes behind those that were before it in the log.
  while (place > 0 && comparePoints(points[place - 1]!, point) > 0) place--;
  if (place === points.length) points.push(point);
  else points.splice(place, 0, point);
  return place;
}

/** The number of points up to a time, that one included. */
function placeOf(points: readonly SequencePoint[], ts: number): number {
  let [low, high] = [0, points.length];
  // Most events come in order.
  if (high > 0 && points[high - 1]!.ts <= ts) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.ts <= ts) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countInMinute(points: readonly SequencePoint[], ts: number): number {
  const minute = floorTo(ts, SEQUENCE_MINUTE);
  return placeOf(points, minute + SEQUENCE_MINUTE - 1) - placeOf(points, minute - 1);
}
