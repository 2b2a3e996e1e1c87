import type { Aggregate } from '#aggregates/aggregate.ts';
import type { State } from '#contracts/state.ts';

/** One pane and group of a metric version: its newest state from each source partition. */
export interface HotCell {
  readonly pane: number;
  readonly key: string;
  readonly group: readonly string[];
  parts: Map<string, { state: State; next: number }>;
  /**
   * The merge of parts that were forgotten, all of them committed; null while every part is known. An update for
   * such a cell cannot be merged before the Store has been read again.
   */
  folded: State | null;
}

/** Merges what the cell holds into a live state. */
export function mergeCell(aggregate: Aggregate, into: unknown, cell: HotCell): void {
  if (cell.folded !== null) {
    aggregate.merge(into, aggregate.decode(cell.folded));
    return;
  }
  for (const { state } of cell.parts.values()) aggregate.merge(into, aggregate.decode(state));
}

/** Forgets the parts of a cell; the caller has seen that all of them are committed. */
export function foldCell(aggregate: Aggregate, cell: HotCell): void {
  if (cell.folded !== null) return;
  const merged = aggregate.create();
  mergeCell(aggregate, merged, cell);
  cell.folded = aggregate.encode(merged);
  cell.parts = new Map();
}
