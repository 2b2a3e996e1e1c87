import type { EventPosition } from '#contracts/event-position.ts';
import { floorTo, isFinal, isLate } from '#contracts/pane.ts';
import type { ActiveMetric, PaneRow } from '#contracts/rows.ts';
import { type Cell, createCell, encodeCell, isSettled } from './cell.ts';
import {
  ABSENT,
  type CompiledMetric,
  type Places,
  placeMetric,
  readValue,
  satisfies,
  WRONG,
} from './compile-metric.ts';
import type { DecodedEvent } from './decoded-block.ts';
import { createGroupKeys, type GroupKeys, keyOf, otherGroup, readGroup } from './group-key.ts';
import type { PaneCaps } from './pane-caps.ts';

export type FoldResult = 'folded' | 'late' | 'skipped' | 'unmatched';

/** The cells of one metric version in one partition. */
export class MetricCells {
  readonly active: ActiveMetric;
  readonly compiled: CompiledMetric;
  /** Oldest receipt newly included since the last publication, epoch ms. */
  received: number | null = null;
  changed: Cell[] = [];
  dirty: Cell[] = [];
  /** Late events since this owner began. */
  late = 0;
  #places: Places;
  #keys: GroupKeys;
  #panes = new Map<number, Map<string, Cell>>();
  #lastPane = 0;
  #lastCells: Map<string, Cell> | null = null;
  #otherKey: string;
  #touched: Cell[] = [];

  constructor(active: ActiveMetric, compiled: CompiledMetric) {
    this.active = active;
    this.compiled = compiled;
    this.#places = placeMetric(compiled, compiled.paths);
    this.#keys = createGroupKeys(this.#places.groupBy);
    this.#otherKey = keyOf(otherGroup(compiled.metric.groupBy.length));
  }

  /** Takes the places of its paths among those the decoder gives; `shared` holds the keys that metrics share. */
  place(paths: readonly string[], shared: Map<string, GroupKeys>): void {
    this.#places = placeMetric(this.compiled, paths);
    const { groupBy } = this.#places;
    this.#keys = shared.get(groupBy.join()) ?? createGroupKeys(groupBy);
    shared.set(groupBy.join(), this.#keys);
  }

  /** Folds one event of the block at `at.offset`. `watermark` is the one before the block. */
  fold(event: DecodedEvent, at: EventPosition, watermark: number | null, caps: PaneCaps): FoldResult {
    const { metric, aggregate } = this.compiled;
    const places = this.#places;
    if (!satisfies(places, event.values)) return 'unmatched';
    if (isLate(event.ts, metric.lateness, watermark)) {
      this.late++;
      return 'late';
    }
    const key = this.#keys.of(event.values);
    if (key === null) return 'skipped';
    const input = readValue(aggregate.input, event.values[places.field]);
    if (input === WRONG) return 'skipped';
    if (input === ABSENT) return 'unmatched';
    const pane = floorTo(event.ts, metric.pane);
    const cell = this.#cellsOf(pane).get(key) ?? this.#admit(pane, key, event.values, caps);
    // The row in the Store was ahead of the commit and holds this block (rule 1).
    if (at.offset < cell.next) return 'folded';
    aggregate.add(cell.state, input, at);
    this.#touch(cell);
    return 'folded';
  }

  /** Ends a block: what it changed holds it from now on. `received` is its receipt, null when it is replayed. */
  closeBlock(next: number, received: number | null): void {
    if (this.#touched.length === 0) return;
    for (const cell of this.#touched) {
      cell.next = next;
      cell.touched = false;
      this.markChanged(cell);
      if (!cell.dirty) this.dirty.push(cell);
      cell.dirty = true;
    }
    this.#touched = [];
    if (received !== null) this.received = Math.min(this.received ?? received, received);
  }

  /** Puts a cell among those to publish. */
  markChanged(cell: Cell): void {
    if (!cell.changed) this.changed.push(cell);
    cell.changed = true;
  }

  /** The first groups of a pane, up to its cap, keep their names, for ever; the others share one (rule 6). */
  #admit(pane: number, key: string, values: readonly unknown[], caps: PaneCaps): Cell {
    const cells = this.#cellsOf(pane);
    const group = readGroup(values, this.#places.groupBy)!;
    const named = cells.size - (cells.has(this.#otherKey) ? 1 : 0);
    if (named < caps.of(pane) || group.length === 0) return this.#create(cells, pane, group, key);
    const other = cells.get(this.#otherKey);
    return other ?? this.#create(cells, pane, otherGroup(group.length), this.#otherKey);
  }

  #cellsOf(pane: number): Map<string, Cell> {
    // Most events are of the pane of the one before.
    if (pane === this.#lastPane && this.#lastCells !== null) return this.#lastCells;
    let cells = this.#panes.get(pane);
    if (cells === undefined) {
      cells = new Map();
      this.#panes.set(pane, cells);
    }
    this.#lastPane = pane;
    this.#lastCells = cells;
    return cells;
  }

  #create(cells: Map<string, Cell>, pane: number, group: string[], key: string): Cell {
    const cell = createCell(pane, group, this.compiled.aggregate.create());
    cells.set(key, cell);
    return cell;
  }

  #touch(cell: Cell): void {
    cell.encoded = null;
    if (cell.touched) return;
    cell.touched = true;
    this.#touched.push(cell);
  }

  restore(row: PaneRow): void {
    const cells = this.#cellsOf(row.pane);
    const cell = createCell(row.pane, row.group, this.compiled.aggregate.decode(row.state));
    cell.next = row.next;
    cells.set(keyOf(row.group), cell);
  }

  /** Drops final panes that nothing waits for. */
  evict(watermark: number | null): void {
    const { pane: size, lateness } = this.compiled.metric;
    this.#lastCells = null;
    for (const [pane, cells] of this.#panes) {
      if (!isFinal(pane, size, lateness, watermark)) continue;
      for (const [key, cell] of cells) if (isSettled(cell)) cells.delete(key);
      if (cells.size === 0) this.#panes.delete(pane);
    }
  }

  get open(): number {
    let cells = 0;
    for (const pane of this.#panes.values()) cells += pane.size;
    return cells;
  }

  toRow(cell: Cell, part: string): PaneRow {
    const { metric, version } = this.active;
    const state = encodeCell(cell, this.compiled.aggregate);
    return { metric, version, pane: cell.pane, group: cell.group, part, state, next: cell.next };
  }
}
