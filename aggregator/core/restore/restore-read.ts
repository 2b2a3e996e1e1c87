import type { PaneRow } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { Rejection } from '../decode/decoded-block.ts';
import type { RestoredPoint } from '../sequences/metric-sequences.ts';

/** A read that the restore needs before it can continue; `turn` only lets other work run, and its answer is empty. */
export type RestoreRead =
  | PointsRead
  | { read: 'commit' }
  | { read: 'panes'; metric: string; version: number; from: number; to: number }
  | { read: 'ids'; before: number; after: number; limit: number }
  | { read: 'turn' };

/** Points of a metric's sequences: `before` (an offset), `from` and `open` as in `Store.readPoints`. The answer is `RestoredPoint[]`. */
export interface PointsRead {
  read: 'points';
  metric: Metric;
  before: number;
  from: number;
  open: number;
  valueLength: number | undefined;
  after: { offset: number; index: number } | null;
  limit: number;
}

/** What remains of a first copy: (key, id), position and time. */
export interface RestoredId {
  key: string | null;
  id: string;
  offset: number;
  index: number;
  ts: number;
}

/** Panes of which the fold needs cells that are in the Store alone: the caller passes in this partition's rows of them. */
export interface ColdRead {
  metric: string;
  version: number;
  /** Panes that start in [from, to). */
  from: number;
  to: number;
  /** By pane, the keys of the groups that are needed. */
  keys: Map<number, ReadonlySet<string>>;
  /** The cells that the rows belong to. */
  cells: { warm(read: ColdRead, rows: readonly PaneRow[]): void };
}

/**
 * What a fold yields: a read that the caller must perform, and answer as it says; `undefined`, where other work may run; once `alone`, after
 * which nothing may be captured until the end of the block, since half a block belongs to no position.
 */
export type FoldStep = ColdRead | PointsRead | 'alone' | undefined;
export type FoldAnswer = readonly PaneRow[] | readonly RestoredPoint[] | undefined;
export type FoldSteps = Generator<FoldStep, Rejection[], FoldAnswer>;
