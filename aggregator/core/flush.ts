import type { ArchiveRow, CommitRow, PaneRow } from '#contracts/log/rows.ts';
import type { Cell } from './fold/cell.ts';

/**
 * The order in which a partition's results are written to the Store (rule 1). A crash after any prefix is
 * harmless: readers have seen every state that the Store holds, and nothing below a commit is missing. `updates` means:
 * earlier publications have landed or were put back, and then all changes are drained and have landed.
 */
export const FLUSH_ORDER = ['updates', 'panes', 'archive', 'commits'] as const;
export type FlushStep = (typeof FLUSH_ORDER)[number];

/** A partition's state between two blocks, captured in one synchronous call. */
export interface Flush {
  panes: PaneRow[];
  archive: ArchiveRow[];
  commit: CommitRow;
  /** The cells behind `panes`, in the same order. */
  cells: Cell[];
}

/** After the commit row is durable: cells that have not moved since the capture are clean. */
export function markStored(flush: Flush): void {
  for (const [i, cell] of flush.cells.entries()) {
    if (cell.next !== flush.panes[i]!.next) continue;
    cell.dirty = false;
    // The flush has the encoded state; it is not needed again before the cell changes.
    cell.encoded = null;
  }
}
