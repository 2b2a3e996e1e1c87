import type { Result } from '#contracts/errors.ts';
import type { EventPosition } from '#contracts/event/event-position.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { EnvelopeField } from '#contracts/metric/envelope.ts';
import type { Contributed, SequenceForm } from '#contracts/metric/sequence.ts';
import type { State } from '#contracts/metric/state.ts';

/**
 * One aggregate: its state, how states merge, its values, and the same state as SQL. Everything that runs over
 * `registry.ts` (merge laws, round trips, engine = SQL, benchmarks) covers a new one without a change.
 *
 * `S` is the live, mutable form; `State` the three arrays that travel and are stored. Laws: merge is associative and
 * commutative with `create()` as identity; `decode(encode(s))` equals `s`; equal live states encode to equal arrays;
 * adding values in any order and split gives equal encodings, or ones that differ by at most what `slack` says.
 */
export interface Aggregate<S = unknown> {
  name: string;
  /**
   * What it reads from its field: nothing, a JSON number, or canonical dimension text. Values of another type are skipped and
   * counted. `conditions`: no field, but which of its conditions hold, as bits of a number, that of the first the lowest.
   */
  input: 'none' | 'number' | 'text' | 'conditions';
  /** The path that it reads where its call names none; absent: it reads none then. */
  path?: EnvelopeField;
  /** What a window without a cell means. */
  empty: 'zero' | 'none';
  /** Across what its values may be added: windows and groups (a count), the groups of one window (a rate), or nothing. */
  adds: 'windows' | 'groups' | 'nothing';
  /** Its values are per second: that of an open window depends on how much of it has passed, and changes with time. */
  perSecond?: true;
  /** Panes hold something before they begin: of an open window those count that have begun, and its value changes when another does. */
  ahead?: true;
  /** What it counts of the events of one key, in their order: `add` then takes contributions instead of what events hold. Absent where each event counts by itself. */
  sequence?: SequenceForm;
  /** Checks field and arguments; returns the call in canonical form. */
  check(call: AggregateCall): Result<AggregateCall>;
  /** Names of the values, in order: `["value"]`, `["p50", "p95"]`. */
  outputs(call: AggregateCall): string[];
  create(): S;
  /** Adds one value in place: undefined for `none`, a finite number, text, the bits of conditions, or what a sequence contributes. `at` is the event's; the caller may use it again. */
  add(state: S, value: Contributed | string | undefined, at: EventPosition): void;
  /** Merges `from` into `into`, in place; `from` does not change. */
  merge(into: S, from: S): void;
  /** One value an output; null for no value, ±Infinity for one beyond every double. `window`: ms of it that have passed, for rates. */
  value(state: S, call: AggregateCall, window: number): (number | null)[];
  /** Bytes of a state that grows with its values, about; absent where it is a few numbers. */
  weight?(state: S): number;
  encode(state: S): State;
  /** Reads what `encode` wrote, in this process or another. */
  decode(state: State): S;
  /** How far the order of float additions may change the result. Without it, states are equal bit by bit. */
  slack?(values: readonly number[]): Slack;
  sql: AggregateSql;
  /** Absent where the state itself is small. */
  reduced?: Reduced<S>;
}

/** The aggregates of one name. Those whose states depend on their arguments have one for each call, all others one for all. */
export interface AggregateFamily {
  name: string;
  /** Checks field and arguments; returns the call in canonical form. */
  check(call: AggregateCall): Result<AggregateCall>;
  /** The aggregate of a call that was checked. */
  of(call: AggregateCall): Aggregate;
}

/**
 * What remains of a merged state that gives its values and is never merged again: a few numbers, however large the state.
 * `value` of it equals that of the state, bit by bit.
 */
export interface Reduced<S = unknown> {
  of(state: S, call: AggregateCall): State;
  /** The same of a merged state as ClickHouse expressions; `columns` are those that hold the state. */
  sql(call: AggregateCall, columns: Record<keyof State, string>): Record<keyof State, string>;
  /** As the aggregate's own `value`. */
  value(reduced: State, call: AggregateCall, window: number): (number | null)[];
  /** The texts that its first outputs belong to; absent where outputs mean the same in every window. */
  names?: ReducedNames;
}

export interface ReducedNames {
  /** How many outputs may belong to one. */
  count(call: AggregateCall): number;
  /** Returns those that there are, in the order of the outputs. */
  of(reduced: State): string[];
}

/** Bounds of the difference between any two ways of adding and merging the same values: of each of `nums`, and of each output. */
export interface Slack {
  nums: number[];
  outputs: number[];
}

/** ClickHouse aggregate expressions for the three columns `nums Array(Float64)`, `keys Array(UInt32)`, `counts Array(UInt64)`. */
export interface AggregateSql {
  /**
   * From raw events. `input` is an expression of the value: Float64 for `number`, String for `text`, UInt32 for `conditions`,
   * ignored for `none`; never NULL. `at` is one of the event's position: Tuple(ts Int64, part UInt32, offset UInt64, index UInt32).
   */
  state(input: string, at: string): Record<keyof State, string>;
  /** From rows that have those columns. */
  merge: Record<keyof State, string>;
}
