import type { Aggregate } from '#aggregates/aggregate.ts';
import { groupKey } from '#contracts/dimension.ts';
import type { CellsUpdate } from '#contracts/update.ts';
import { foldCell, type HotCell } from './hot-cell.ts';

export type CellState = CellsUpdate['cells'][number];
/** P of a source partition. */
export type Committed = (part: string) => number;

/**
 * States of one metric version in memory. Panes at `from` and above are held for views; below it, and while there is
 * no view, only what the Store may not have yet (`next` > committed) is kept, so that a view can be opened any time.
 */
export class HotSeries {
  from = Number.POSITIVE_INFINITY;
  /** States held: parts, and one for each folded cell. */
  size = 0;
  readonly #panes = new Map<number, Map<string, HotCell>>();
  /** Cells with a part that may not be committed yet. */
  readonly #loose = new Set<HotCell>();
  #foldedTo = Number.NEGATIVE_INFINITY;

  panes(): IterableIterator<[number, Map<string, HotCell>]> {
    return this.#panes.entries();
  }

  pane(start: number): ReadonlyMap<string, HotCell> | undefined {
    return this.#panes.get(start);
  }

  /** Takes a state if it is newer than what is held; answers the cell, whether it was newer, and whether the cell must be read again. */
  put(row: CellState): { cell: HotCell; newer: boolean; forgotten: boolean } {
    const cell = this.#cell(row);
    const known = cell.parts.get(row.part);
    const newer = known === undefined || row.next > known.next;
    if (newer) {
      if (known === undefined) this.size++;
      cell.parts.set(row.part, { state: row.state, next: row.next });
      this.#loose.add(cell);
    }
    return { cell, newer, forgotten: cell.folded !== null };
  }

  /** The Store's rows of this cell's pane are about to be put: all parts will be known again. */
  unfold(row: CellState): boolean {
    const cell = this.#panes.get(row.pane)?.get(groupKey(row.group));
    if (cell === undefined || cell.folded === null) return false;
    cell.folded = null;
    this.size--;
    this.#foldedTo = Math.min(this.#foldedTo, row.pane);
    return true;
  }

  /** Drops what the Store has and no view holds. */
  settle(committed: Committed): void {
    for (const cell of this.#loose) {
      if (!isCommitted(cell, committed)) continue;
      this.#loose.delete(cell);
      if (cell.pane < this.from) this.#drop(cell);
    }
  }

  /** Forgets the parts of committed cells in panes of [`from`, `before`), which no update is expected for. */
  fold(aggregate: Aggregate, before: number): void {
    if (before <= this.#foldedTo) return;
    for (const [pane, cells] of this.#panes) {
      if (pane < this.#foldedTo || pane >= before || pane < this.from) continue;
      for (const cell of cells.values()) {
        if (this.#loose.has(cell) || cell.folded !== null) continue;
        this.size -= cell.parts.size - 1;
        foldCell(aggregate, cell);
      }
    }
    this.#foldedTo = this.#oldestLoose(before);
  }

  /** Views need panes from here on. */
  hold(from: number): void {
    if (from > this.from) {
      for (const [pane, cells] of this.#panes) {
        if (pane >= from) continue;
        for (const cell of cells.values()) if (!this.#loose.has(cell)) this.#drop(cell);
      }
    } else this.#foldedTo = Math.min(this.#foldedTo, from);
    this.from = from;
  }

  #cell({ pane, group }: CellState): HotCell {
    let cells = this.#panes.get(pane);
    if (cells === undefined) {
      cells = new Map();
      this.#panes.set(pane, cells);
    }
    const key = groupKey(group);
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = { pane, key, group, parts: new Map(), folded: null };
      cells.set(key, cell);
    }
    return cell;
  }

  #drop(cell: HotCell): void {
    const cells = this.#panes.get(cell.pane);
    this.size -= cell.parts.size + (cell.folded === null ? 0 : 1);
    cells?.delete(cell.key);
    if (cells?.size === 0) this.#panes.delete(cell.pane);
  }

  /** Cells that were not committed yet are folded by a later pass. */
  #oldestLoose(before: number): number {
    let oldest = before;
    for (const cell of this.#loose) if (cell.pane >= this.from) oldest = Math.min(oldest, cell.pane);
    return oldest;
  }
}

function isCommitted(cell: HotCell, committed: Committed): boolean {
  for (const [part, { next }] of cell.parts) if (next > committed(part)) return false;
  return true;
}
