import { cellKey } from '#aggregates/judge/group-key.ts';
import type { EventPosition } from '#contracts/event/event-position.ts';
import type { Contribution, SequencePoint } from '#contracts/metric/sequence.ts';
import type { DecodedEvent } from '../decode/decoded-block.ts';
import type { SequenceRules } from './sequence-rules.ts';
import { Sequences } from './sequences.ts';

/** A point of a sequence, and whose it is. */
export interface RestoredPoint extends SequencePoint {
  group: string[];
  key: string;
}

/** An event that a metric counts, and the key of its group. */
export interface MemberEvent {
  event: Pick<DecodedEvent, 'key' | 'ts'>;
  group: string;
  value: number;
}

/** The name of a sequence: no other group and key has it. */
const nameOf = (group: string, key: string): string => `${group.length}:${group}${key}`;

/** The sequences of a metric version: of each group, by the keys of its events. */
export class MetricSequences {
  readonly #rules: SequenceRules;
  readonly #sequences: Sequences;

  constructor(rules: SequenceRules) {
    this.#rules = rules;
    this.#sequences = new Sequences(rules);
  }

  get size(): number {
    return this.#sequences.size;
  }

  /** Adds an event that is on time; returns what changes, or why it is not counted. `watermark`: as it was judged by. */
  add(
    { event, group, value }: MemberEvent,
    { offset, index }: Pick<EventPosition, 'offset' | 'index'>,
    watermark: number | null,
  ): Contribution[] | 'unmatched' | 'skipped' {
    const { key, ts } = event;
    if (key === null) return 'unmatched';
    if (!this.#rules.form.accepts(value)) return 'skipped';
    const point = { ts, offset, index, value };
    return this.#sequences.add({ name: nameOf(group, key), key }, point, watermark) ?? 'skipped';
  }

  /** Adds points that were counted before. */
  restore(points: readonly RestoredPoint[]): void {
    for (const { group, key, ...point } of points)
      this.#sequences.restore(nameOf(cellKey(group), key), point);
  }

  /** Times of which panes change by an event, beside its own. */
  touched({ key, ts }: Pick<DecodedEvent, 'key' | 'ts'>, group: string): number[] {
    return key === null ? [] : this.#sequences.touched(nameOf(group, key), ts);
  }

  sweeping(watermark: number | null): Generator<undefined, void, unknown> {
    return this.#sequences.sweeping(watermark);
  }
}
