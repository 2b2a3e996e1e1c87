import type { EventPosition } from '#contracts/event/event-position.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { EnvelopeField } from '#contracts/metric/envelope.ts';
import type { Contributed, SequenceForm } from '#contracts/metric/sequence.ts';
import type { State } from '#contracts/metric/state.ts';

/**
 * What the Store needs of an aggregate; `aggregates/aggregate.ts` has the full shape and the contract. Passed in,
 * because the platform does not know the aggregates.
 */
export interface StoreAggregate<S = unknown> {
  input: 'none' | 'number' | 'text' | 'conditions';
  path?: EnvelopeField;
  sequence?: SequenceForm;
  create(): S;
  add(state: S, value: Contributed | string | undefined, at: EventPosition): void;
  merge(into: S, from: S): void;
  encode(state: S): State;
  decode(state: State): S;
  sql: { state(input: string, at: string): Record<keyof State, string>; merge: Record<keyof State, string> };
  reduced?: {
    of(state: S, call: AggregateCall): State;
    sql(call: AggregateCall, columns: Record<keyof State, string>): Record<keyof State, string>;
  };
}

export type AggregateOf = (call: AggregateCall) => StoreAggregate;
