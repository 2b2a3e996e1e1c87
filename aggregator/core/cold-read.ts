import type { MetricCells } from './metric-cells.ts';

/** A pane of which the fold needs cells that are in the Store alone: answered with its rows of this partition. */
export interface ColdRead {
  metric: string;
  version: number;
  /** Start of the pane. */
  pane: number;
  /** Keys of the groups that are needed. */
  keys: ReadonlySet<string>;
  cells: Pick<MetricCells, 'warm'>;
}
