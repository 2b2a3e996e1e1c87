import type { CellsUpdate } from '#contracts/update.ts';
import type { Cell } from './cell.ts';
import type { MetricCells } from './metric-cells.ts';

/** States on their way to the `updates` topic. Not settled until `acknowledge` or `putBack`, exactly one of them. */
export interface Publication {
  updates: CellsUpdate[];
  /** The append is durable. */
  acknowledge(): void;
  /** The append failed: what it held is taken again by the next publication, unless newer already waits. */
  putBack(): void;
}

/** Takes what has changed since the last call; the states are encoded now, so the fold may go on. */
export function takePublication(all: Iterable<MetricCells>, part: string): Publication {
  const taken: { cells: MetricCells; held: Cell[]; received: number | null }[] = [];
  const updates: CellsUpdate[] = [];
  for (const cells of all) {
    if (cells.changed.length === 0) continue;
    const held = cells.changed;
    const { received } = cells;
    cells.changed = [];
    cells.received = null;
    const { metric, version } = cells.active;
    const rows = held.map((cell) => {
      cell.changed = false;
      cell.publishing++;
      const { pane, group, state, next } = cells.toRow(cell, part);
      return { pane, group, part, state, next };
    });
    taken.push({ cells, held, received });
    updates.push({ kind: 'cells', metric, version, received, cells: rows });
  }
  const land = (): void => {
    for (const { held } of taken) for (const cell of held) cell.publishing--;
  };
  return {
    updates,
    acknowledge: land,
    putBack() {
      land();
      for (const { cells, held, received } of taken) {
        for (const cell of held) cells.markChanged(cell);
        if (received !== null) cells.received = Math.min(cells.received ?? received, received);
      }
    },
  };
}
