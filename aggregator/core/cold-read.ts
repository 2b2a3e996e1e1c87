import type { PaneRow } from '#contracts/rows.ts';
import type { Rejection } from './decoded-block.ts';

/** A pane of which the fold needs cells that are in the Store alone: answered with its rows of this partition. */
export interface ColdRead {
  metric: string;
  version: number;
  /** Start of the pane. */
  pane: number;
  /** Keys of the groups that are needed. */
  keys: ReadonlySet<string>;
  /** Whose it is. */
  cells: { warm(read: ColdRead, rows: readonly PaneRow[]): void };
}

/** A fold on its way: what it yields is a read to be answered, or nothing. */
export type FoldSteps = Generator<ColdRead | undefined, Rejection[], readonly PaneRow[] | undefined>;
