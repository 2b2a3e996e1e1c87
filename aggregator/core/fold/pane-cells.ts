import { type Cell, isSettled } from './cell.ts';

/** The groups of one pane of a metric in one partition. */
export interface Pane {
  cells: Map<string, Cell>;
  /** Groups that have a place of their own, in memory or not. */
  named: number;
  /** Some of its cells are in the Store alone. */
  cold: boolean;
}

/** Drops so many cells at most that nothing waits for; returns how many, and what they took. */
export function dropSettled(cells: Map<string, Cell>, most: number): { count: number; bytes: number } {
  let count = 0;
  let bytes = 0;
  for (const [key, cell] of cells) {
    if (count >= most) break;
    if (!isSettled(cell)) continue;
    cells.delete(key);
    count++;
    bytes += cell.bytes;
  }
  return { count, bytes };
}
