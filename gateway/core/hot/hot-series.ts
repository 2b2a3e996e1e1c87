import type { CellsUpdate } from '#contracts/log/update.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import type { Steps } from '../steps.ts';
import { CELL_BYTES, STATE_BYTES, stateBytes } from './byte-estimates.ts';
import type { HotCell } from './hot-cell.ts';
import { MergedBlocks } from './merged-blocks.ts';

export type CellState = CellsUpdate['cells'][number];
/** P of a source partition. */
export type Committed = (part: string) => number;
/** Offsets by source partition that must be committed before a read of the Store finds what it is for. */
export type Needs = ReadonlyMap<string, number>;

interface Pane {
  readonly cells: Map<string, HotCell>;
  /** Cells with a part that may not be committed yet. */
  readonly uncommitted: Set<HotCell>;
  size: number;
  bytes: number;
}

/** Cells between two yields. */
const STRIDE = 512;

/**
 * States of one metric version in memory. Panes at `from` and above are held for views; below it, and while there is
 * no view, only what the Store may not have yet (`next` > committed) is kept, so that a view can be opened at any time.
 */
export class HotSeries {
  from = Number.POSITIVE_INFINITY;
  /** Number of states. */
  size = 0;
  /** Their estimated memory. */
  bytes = 0;
  /** Merges of them, which may be dropped at any time. */
  readonly merged = new MergedBlocks();
  readonly #panes = new Map<number, Pane>();

  /** Returns the panes in [from, to) that hold states, ascending. */
  panesOf(from: number, to: number): number[] {
    const found: number[] = [];
    for (const pane of this.#panes.keys()) if (pane >= from && pane < to) found.push(pane);
    return found.sort((a, b) => a - b);
  }

  pane(start: number): ReadonlyMap<string, HotCell> | undefined {
    return this.#panes.get(start)?.cells;
  }

  /** Stores a state if it is newer than the one held; returns the cell and whether it was newer. */
  put(row: CellState): { cell: HotCell; newer: boolean } {
    const { pane, cell } = this.#cell(row);
    const known = cell.parts.get(row.part);
    const newer = known === undefined || row.next > known.next;
    if (newer) {
      const grown = stateBytes(row.state) - (known === undefined ? -STATE_BYTES : stateBytes(known.state));
      this.#count(pane, known === undefined ? 1 : 0, grown);
      cell.parts.set(row.part, { state: row.state, next: row.next });
      pane.uncommitted.add(cell);
      this.merged.changed(row.pane, cell);
    }
    return { cell, newer };
  }

  /** Drops states that the Store has and no view needs. */
  *evictCommitted(committed: Committed): Steps {
    let looked = 0;
    for (const [start, pane] of this.#panes) {
      for (const cell of pane.uncommitted) {
        if (++looked % STRIDE === 0) yield;
        if (!isCommitted(cell, committed)) continue;
        pane.uncommitted.delete(cell);
        if (start < this.from) this.#drop(start, pane, cell);
      }
    }
  }

  /** To be called when views need the panes from here on, and no others. */
  keepFrom(from: number): void {
    const before = this.from;
    this.from = from;
    if (from <= before) return;
    this.merged.drop(from);
    for (const [start, pane] of this.#panes) {
      if (start >= from) continue;
      if (pane.uncommitted.size === 0) {
        this.#count(pane, -pane.size, -pane.bytes);
        this.#panes.delete(start);
        continue;
      }
      for (const cell of pane.cells.values()) if (!pane.uncommitted.has(cell)) this.#drop(start, pane, cell);
    }
  }

  /** Returns what must be committed for a read of panes in [from, to) to find every state that is known here. */
  needsOf(from: number, to: number): Map<string, number> {
    const needs = new Map<string, number>();
    for (const [start, { uncommitted }] of this.#panes) {
      if (start < from || start >= to) continue;
      for (const { parts } of uncommitted) {
        for (const [part, { next }] of parts) needs.set(part, Math.max(next, needs.get(part) ?? 0));
      }
    }
    return needs;
  }

  #cell({ pane: start, group }: CellState): { pane: Pane; cell: HotCell } {
    let pane = this.#panes.get(start);
    if (pane === undefined) {
      pane = { cells: new Map(), uncommitted: new Set(), size: 0, bytes: 0 };
      this.#panes.set(start, pane);
    }
    const key = groupKey(group);
    let cell = pane.cells.get(key);
    if (cell === undefined) {
      cell = { pane: start, key, group, parts: new Map() };
      pane.cells.set(key, cell);
      this.#count(pane, 0, CELL_BYTES + 2 * key.length);
    }
    return { pane, cell };
  }

  #drop(start: number, pane: Pane, cell: HotCell): void {
    let bytes = CELL_BYTES + 2 * cell.key.length;
    for (const { state } of cell.parts.values()) bytes += STATE_BYTES + stateBytes(state);
    this.#count(pane, -cell.parts.size, -bytes);
    pane.cells.delete(cell.key);
    if (pane.cells.size === 0) this.#panes.delete(start);
  }

  #count(pane: Pane, states: number, bytes: number): void {
    pane.size += states;
    this.size += states;
    pane.bytes += bytes;
    this.bytes += bytes;
  }
}

function isCommitted(cell: HotCell, committed: Committed): boolean {
  for (const [part, { next }] of cell.parts) if (next > committed(part)) return false;
  return true;
}
