import type { CellsUpdate } from '#contracts/log/update.ts';
import type { Cell } from './fold/cell.ts';
import type { MetricCells } from './fold/metric-cells.ts';

/** States that are being published to the `updates` topic. Ends with exactly one call of `acknowledge` or `putBack`. */
export interface Publication {
  updates: CellsUpdate[];
  /** Number of states. */
  cells: number;
  /** The append is durable. */
  acknowledge(): void;
  /** The append failed: the next publication contains these states again, unless newer ones already wait. */
  putBack(): void;
}

/** Maximum size of one publication; the state that exceeds the bytes is its last. */
export interface PublicationBounds {
  cells: number;
  bytes: number;
}

const UNBOUNDED: PublicationBounds = { cells: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** Returns what has changed since the last call. The states are encoded now, so the fold may continue. */
export function drainPublication(
  all: Iterable<MetricCells>,
  part: string,
  most: PublicationBounds = UNBOUNDED,
): Publication {
  const drained: { cells: MetricCells; held: Cell[]; received: number | null }[] = [];
  const updates: CellsUpdate[] = [];
  const left = { ...most };
  for (const cells of all) {
    if (cells.changed.length === 0) continue;
    const held = drainChanged(cells, left);
    if (held.length === 0) break;
    const { received } = cells;
    // What is left of them was received then, too.
    if (cells.changed.length === 0) cells.received = null;
    const { metric, version } = cells.active;
    const rows = held.map((cell) => {
      cell.changed = false;
      cell.publishing++;
      const { pane, group, state, next } = cells.toRow(cell, part);
      return { pane, group, part, state, next };
    });
    drained.push({ cells, held, received });
    updates.push({ kind: 'cells', metric, version, received, cells: rows });
  }
  const land = (): void => {
    for (const { held } of drained) for (const cell of held) cell.publishing--;
  };
  return {
    updates,
    cells: drained.reduce((sum, { held }) => sum + held.length, 0),
    acknowledge: land,
    putBack() {
      land();
      for (const { cells, held, received } of drained) {
        for (const cell of held) cells.markChanged(cell);
        if (received !== null) cells.received = Math.min(cells.received ?? received, received);
      }
    },
  };
}

/** Returns the cells that changed first, as far as the bounds allow, and lowers the bounds by them. */
function drainChanged(cells: MetricCells, left: PublicationBounds): Cell[] {
  const { changed } = cells;
  let count = 0;
  while (count < changed.length && left.cells > 0 && left.bytes > 0) {
    left.cells--;
    left.bytes -= changed[count++]!.bytes;
  }
  cells.changed = count === changed.length ? [] : changed.slice(count);
  return count === changed.length ? changed : changed.slice(0, count);
}
