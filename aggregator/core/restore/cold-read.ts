import type { PaneRow } from '#contracts/log/rows.ts';
import type { Rejection } from '../decode/decoded-block.ts';

/** Panes of which the fold needs cells that are in the Store alone: answered with the rows of this partition in them. */
export interface ColdRead {
  metric: string;
  version: number;
  /** Panes that start in [from, to). */
  from: number;
  to: number;
  /** By pane, the keys of the groups that are needed. */
  keys: Map<number, ReadonlySet<string>>;
  /** Whose it is. */
  cells: { warm(read: ColdRead, rows: readonly PaneRow[]): void };
}

/**
 * What a fold on its way yields: a read to be answered; `undefined`, where others may have their turn; once `alone`, from where
 * until its end nothing may be taken of the partition, since half a block belongs to no position.
 */
export type FoldStep = ColdRead | 'alone' | undefined;
export type FoldSteps = Generator<FoldStep, Rejection[], readonly PaneRow[] | undefined>;
