import type { RollUpMark } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { Tier } from '#contracts/metric/tier.ts';

/** Coarse panes to be made, as `Store.rollUp` takes them. */
export interface RollUp {
  metric: Metric;
  version: number;
  parts: string[];
  tier: Tier;
  source: Tier['name'] | 'pane';
  from: number;
  to: number;
}

/** What rolling up needs of the Store, one after the other: the start of a first pane is answered, the rest is done. */
export type RollUpStep =
  | { step: 'first'; metric: string; version: number; from: number; to: number; tier: Tier['name'] | 'pane' }
  | { step: 'roll-up'; rollUps: RollUp[] }
  | { step: 'mark'; marks: RollUpMark[] };

export type RollUpSteps<T> = Generator<RollUpStep, T, number | null>;

/** Finer panes that are merged at a time, counted as if each were there: twelve hours of seconds. */
const CHUNK = 43_200;

/** ms of coarse panes that are made at a time, whole ones of each tier up to `size`. */
export const chunkOf = (sourceSize: number, size: number): number =>
  Math.max(size, Math.floor((CHUNK * sourceSize) / size) * size);
