import type { Aggregate } from '#aggregates/aggregate.ts';
import type { State } from '#contracts/metric/state.ts';

/** One pane and group of a metric version: its newest state from each source partition. */
export interface HotCell {
  readonly pane: number;
  readonly key: string;
  readonly group: readonly string[];
  readonly parts: Map<string, { state: State; next: number }>;
}

/** Merges what the cell holds into a live state. */
export function mergeCell(aggregate: Aggregate, into: unknown, cell: HotCell): void {
  for (const { state } of cell.parts.values()) aggregate.merge(into, aggregate.decode(state));
}
