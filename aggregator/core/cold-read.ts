import type { PaneRow } from '#contracts/rows.ts';
import type { Rejection } from './decoded-block.ts';

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

/** A fold on its way: what it yields is a read to be answered, or nothing. */
export type FoldSteps = Generator<ColdRead | undefined, Rejection[], readonly PaneRow[] | undefined>;
