import { type CompiledMetric, placeMetric } from '#aggregates/judge/compile-metric.ts';
import {
  cellKey,
  createGroupKeys,
  type Dimensions,
  type GroupKeys,
  otherGroup,
  readGroup,
} from '#aggregates/judge/group-key.ts';
import {
  ABSENT,
  isLeft,
  isNamed,
  type Judge,
  judgeEvent,
  LATE,
  UNMATCHED,
} from '#aggregates/judge/judge-event.ts';
import type { EventPosition } from '#contracts/event/event-position.ts';
import type { ActiveMetric, PaneRow } from '#contracts/log/rows.ts';
import { levelOf } from '#contracts/metric/dimension.ts';
import { aheadOf, floorTo, isFinal, isLate, settlingOf } from '#contracts/metric/pane.ts';
import type { Contributed } from '#contracts/metric/sequence.ts';
import type { DecodedEvent } from '../decode/decoded-block.ts';
import type { ColdRead } from '../restore/restore-read.ts';
import type { MetricSequences } from '../sequences/metric-sequences.ts';
import { type Cell, createCell, createPane, dropSettled, encodeCell, type Pane, weighCell } from './cell.ts';
import type { PaneCaps } from './pane-caps.ts';
import { addCutKeys, placeGroup, placesTaken } from './place-group.ts';
import { planReads } from './plan-reads.ts';

export type FoldResult = 'folded' | 'late' | 'skipped' | 'unmatched';

/** The cells of one metric version in one partition. */
export class MetricCells {
  readonly active: ActiveMetric;
  readonly compiled: CompiledMetric;
  /** Oldest receipt newly included since the last publication, epoch ms. */
  received: number | null = null;
  changed: Cell[] = [];
  dirty: Cell[] = [];
  /** Late events since this owner began, and those whose group found no place in its pane (rule 6). */
  late = 0;
  overflowed = 0;
  #judge: Judge;
  #dimensions: Dimensions;
  /** Bytes of all cells in memory, and of those that wait for the Store. */
  bytes = 0;
  dirtyBytes = 0;
  #panes = new Map<number, Pane>();
  #lastStart = 0;
  #lastPane: Pane | null = null;
  #cold = false;
  #otherKey: string;
  /** ms: a cap is not changed where a sample may hold already. */
  readonly #ahead: number;
  #touched: Cell[] = [];
  /** Null where each event counts by itself. */
  readonly sequences: MetricSequences | null;

  constructor(active: ActiveMetric, compiled: CompiledMetric, sequences: MetricSequences | null) {
    this.active = active;
    this.compiled = compiled;
    this.sequences = sequences;
    this.#ahead = aheadOf(compiled);
    const places = placeMetric(compiled, compiled.paths);
    this.#dimensions = { places: places.groupBy, most: Infinity };
    this.#judge = { compiled, places, keys: createGroupKeys(this.#dimensions) };
    this.#otherKey = cellKey(otherGroup(compiled.metric.groupBy.length));
  }

  /** Takes the places of its paths among those the decoder gives, and the most characters of a group's value; `shared` holds the keys that metrics share. */
  place(paths: readonly string[], most: number, shared: Map<string, GroupKeys>): void {
    const places = placeMetric(this.compiled, paths);
    const { groupBy } = places;
    this.#dimensions = { places: groupBy, most };
    const keys = shared.get(groupBy.join()) ?? createGroupKeys(this.#dimensions);
    shared.set(groupBy.join(), keys);
    this.#judge = { compiled: this.compiled, places, keys };
  }

  /** Folds one event of the block at `at.offset`. `watermark` is the one before the block. */
  fold(event: DecodedEvent, at: EventPosition, watermark: number | null, caps: PaneCaps): FoldResult {
    const { metric } = this.compiled;
    const input = judgeEvent(this.#judge, event, watermark);
    if (isLeft(input)) {
      if (input === LATE) this.late++;
      return input === LATE ? 'late' : input === UNMATCHED || input === ABSENT ? 'unmatched' : 'skipped';
    }
    if (this.sequences === null || typeof input !== 'number') {
      this.#add(this.#cellOf(floorTo(event.ts, metric.pane), event.values, caps), input, at);
      return 'folded';
    }
    const group = this.#judge.keys.of(event.values)!;
    const changes = this.sequences.add({ event, group, value: input }, at, watermark);
    if (typeof changes === 'string') return changes;
    for (const { ts, value } of changes)
      this.#add(this.#cellOf(floorTo(ts, metric.pane), event.values, caps), value, at);
    return 'folded';
  }

  #add(cell: Cell, input: Contributed | string | undefined, at: EventPosition): void {
    // The row in the Store was ahead of the commit and holds this block (rule 1).
    if (at.offset < cell.next) return;
    this.compiled.aggregate.add(cell.state, input, at);
    this.#touch(cell);
  }

  /** The cell that an event which counts belongs to in a pane, as its group is named there. */
  #cellOf(start: number, values: readonly unknown[], caps: PaneCaps): Cell {
    const { keys } = this.#judge;
    // What counts has a group.
    const own = keys.of(values)!;
    const key = keys.isCut && caps.of(start - this.#ahead).levels !== true ? this.#otherKey : own;
    return this.#paneOf(start).cells.get(key) ?? this.#placeGroup(start, values, caps);
  }

  /**
   * Ends a block: what it changed holds it from now on. `received` is its receipt, null when it is replayed. Returns the number
   * of cells that it changed.
   */
  closeBlock(next: number, received: number | null): number {
    const { length } = this.#touched;
    if (length === 0) return 0;
    for (const cell of this.#touched) {
      cell.next = next;
      cell.touched = false;
      this.markChanged(cell);
      const before = cell.bytes;
      this.#weigh(cell);
      if (cell.dirty) this.dirtyBytes += cell.bytes - before;
      else {
        this.dirty.push(cell);
        this.dirtyBytes += cell.bytes;
      }
      cell.dirty = true;
    }
    this.#touched = [];
    if (received !== null) this.received = Math.min(this.received ?? received, received);
    return length;
  }

  /** Puts a cell among those to publish. */
  markChanged(cell: Cell): void {
    if (!cell.changed) this.changed.push(cell);
    cell.changed = true;
  }

  #weigh(cell: Cell): void {
    const bytes = weighCell(cell, this.compiled.aggregate);
    this.bytes += bytes - cell.bytes;
    cell.bytes = bytes;
  }

  /** After a commit: what it made clean waits no more. */
  dropClean(): void {
    this.dirty = this.dirty.filter((cell) => cell.dirty);
    this.dirtyBytes = this.dirty.reduce((sum, cell) => sum + cell.bytes, 0);
  }

  /** The cell of an event whose group has none of its own in the pane yet. */
  #placeGroup(start: number, values: readonly unknown[], caps: PaneCaps): Cell {
    const pane = this.#paneOf(start);
    const step = caps.of(start - this.#ahead);
    const own = readGroup(values, this.#dimensions, step.levels !== true)!;
    const group = placeGroup(pane, own, step);
    if (group !== own) this.overflowed++;
    return pane.cells.get(cellKey(group)) ?? this.#create(pane, start, group);
  }

  #paneOf(start: number): Pane {
    // Most events are of the pane of the one before.
    if (start === this.#lastStart && this.#lastPane !== null) return this.#lastPane;
    let pane = this.#panes.get(start);
    if (pane === undefined) {
      pane = createPane(this.compiled.metric.groupBy.length);
      this.#panes.set(start, pane);
    }
    this.#lastStart = start;
    this.#lastPane = pane;
    return pane;
  }

  #create(pane: Pane, start: number, group: string[]): Cell {
    const cell = createCell(start, group, this.compiled.aggregate.create());
    pane.cells.set(cellKey(group), cell);
    pane.named[levelOf(group)]!++;
    return cell;
  }

  #touch(cell: Cell): void {
    cell.encoded = null;
    if (cell.touched) return;
    cell.touched = true;
    this.#touched.push(cell);
  }

  /** Adds a cell read from the Store. `key` is that of its group. */
  #put(pane: Pane, row: PaneRow, key: string): void {
    const cell = createCell(row.pane, row.group, this.compiled.aggregate.decode(row.state));
    cell.next = row.next;
    pane.cells.set(key, cell);
    this.#weigh(cell);
  }

  restore(row: PaneRow): void {
    const pane = this.#paneOf(row.pane);
    this.#put(pane, row, cellKey(row.group));
    pane.named[levelOf(row.group)]!++;
  }

  /** Adds a pane without its cells, which stay in the Store. */
  restoreCold(start: number, named: readonly number[]): void {
    const pane = this.#paneOf(start);
    for (const [level, count] of named.entries()) pane.named[level]! += count;
    pane.cold = true;
    this.#cold = true;
  }

  /**
   * Drops what is stored and published, except panes within `near` ms of the watermark; `missing` says when it has to
   * be read from the Store again.
   */
  cool(watermark: number | null, near: number): void {
    for (const [start, pane] of this.#panes) {
      if (Math.abs(start - (watermark ?? 0)) < near || this.#dropSettled(pane) === 0) continue;
      pane.cold = true;
      this.#cold = true;
    }
  }

  /** Returns how many. */
  #dropSettled({ cells }: Pane, most = Number.POSITIVE_INFINITY): number {
    const { count, bytes } = dropSettled(cells, most);
    this.bytes -= bytes;
    return count;
  }

  /** Adds to `reads` the cells that these events may need and that are in the Store alone. */
  missing(events: readonly DecodedEvent[], watermark: number | null, reads: ColdRead[]): void {
    if (!this.#cold) return;
    const { metric } = this.compiled;
    const found = new Map<number, Set<string>>();
    for (const event of events) {
      if (!isNamed(metric, event.event) || isLate(event.ts, metric.lateness, watermark)) continue;
      const key = this.#judge.keys.of(event.values);
      if (key === null) continue;
      const times = [event.ts, ...(this.sequences?.touched(event, key) ?? [])];
      for (const ts of times) this.#noteMissing(found, floorTo(ts, metric.pane), event.values);
    }
    const namedIn = (start: number): number => placesTaken(this.#panes.get(start)!.named);
    reads.push(...planReads(found, { active: this.active, size: metric.pane, namedIn, cells: this }));
  }

  #noteMissing(found: Map<number, Set<string>>, start: number, values: readonly unknown[]): void {
    const pane = this.#panes.get(start);
    const own = this.#judge.keys.of(values)!;
    if (pane === undefined || !pane.cold || pane.cells.has(own)) return;
    // What finds no place of its own goes to one of those.
    const keys = found.get(start) ?? new Set([this.#otherKey]);
    found.set(start, keys.add(own));
    addCutKeys(keys, readGroup(values, this.#dimensions)!);
  }

  /** Adds the rows of a read that are needed. */
  warm({ keys }: ColdRead, rows: readonly PaneRow[]): void {
    for (const row of rows) {
      const pane = this.#panes.get(row.pane);
      const key = cellKey(row.group);
      if (pane === undefined || pane.cells.has(key) || !keys.get(row.pane)?.has(key)) continue;
      this.#put(pane, row, key);
    }
  }

  /** Drops at most `most` cells of final panes that are stored and published; returns how many. The next call continues. */
  evict(watermark: number | null, most: number): number {
    const { pane: size } = this.compiled.metric;
    const settling = settlingOf(this.compiled);
    let dropped = 0;
    for (const [start, pane] of this.#panes) {
      if (dropped >= most) break;
      if (!isFinal(start, size, settling, watermark)) continue;
      dropped += this.#dropSettled(pane, most - dropped);
      if (pane.cells.size > 0) continue;
      this.#panes.delete(start);
      this.#lastPane = null;
    }
    return dropped;
  }

  get open(): number {
    return [...this.#panes.values()].reduce((sum, { cells }) => sum + cells.size, 0);
  }

  toRow(cell: Cell, part: string): PaneRow {
    const { metric, version } = this.active;
    const state = encodeCell(cell, this.compiled.aggregate);
    return { metric, version, pane: cell.pane, group: cell.group, part, state, next: cell.next };
  }
}
