import type { EventPosition } from '#contracts/event-position.ts';
import { floorTo, isFinal, isLate } from '#contracts/pane.ts';
import type { ActiveMetric, PaneRow } from '#contracts/rows.ts';
import { type Cell, createCell, encodeCell, isSettled } from './cell.ts';
import { type CompiledMetric, type Places, placeMetric, readValue, satisfies } from './compile-metric.ts';
import type { DecodedEvent } from './decode.ts';
import { keyOf, otherGroup, readGroup } from './group-key.ts';
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
  #panes = new Map<number, Map<string, Cell>>();
  #otherKey: string;
  #touched: Cell[] = [];

  constructor(active: ActiveMetric, compiled: CompiledMetric) {
    this.active = active;
    this.compiled = compiled;
    this.#places = placeMetric(compiled, compiled.paths);
    this.#otherKey = keyOf(otherGroup(compiled.metric.groupBy.length));
  }

  place(paths: readonly string[]): void {
    this.#places = placeMetric(this.compiled, paths);
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
    const group = readGroup(event.values, places.groupBy);
    if (group === null) return 'skipped';
    const input = readValue(aggregate.input, event.values[places.field]);
    if (input === 'wrong') return 'skipped';
    if (input === 'absent') return 'unmatched';
    const cell = this.#admit(floorTo(event.ts, metric.pane), group, caps);
    // The row in the Store was ahead of the commit and holds this block (rule 1).
    if (at.offset < cell.next) return 'folded';
    aggregate.add(cell.state, input.value, at);
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
  #admit(pane: number, group: string[], caps: PaneCaps): Cell {
    let cells = this.#panes.get(pane);
    if (cells === undefined) {
      cells = new Map();
      this.#panes.set(pane, cells);
    }
    const key = keyOf(group);
    const known = cells.get(key);
    if (known !== undefined) return known;
    const named = cells.size - (cells.has(this.#otherKey) ? 1 : 0);
    if (named < caps.of(pane) || group.length === 0) return this.#create(cells, pane, group, key);
    const other = cells.get(this.#otherKey);
    return other ?? this.#create(cells, pane, otherGroup(group.length), this.#otherKey);
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
    const cells = this.#panes.get(row.pane) ?? new Map<string, Cell>();
    this.#panes.set(row.pane, cells);
    const cell = createCell(row.pane, row.group, this.compiled.aggregate.decode(row.state));
    cell.next = row.next;
    cells.set(keyOf(row.group), cell);
  }

  /** Drops final panes that nothing waits for. */
  evict(watermark: number | null): void {
    const { pane: size, lateness } = this.compiled.metric;
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
