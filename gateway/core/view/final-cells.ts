import { NAME_BYTES } from '../hot/byte-estimates.ts';

/** Values of a cell; and how many of the first ones belong to a text. */
export interface CellShape {
  outputs: number;
  named: number;
}

/** Cells that are found one by one; more are found by slots. */
const FEW = 8;
/** Beside what it holds: its object, and a list. */
const OWN_BYTES = 120;

/**
 * The values of the cells of one window that is over, by the number of their series: 36 bytes a cell of one output, whatever
 * their states were. No value is NaN here.
 */
export class FinalCells {
  count = 0;
  readonly #outputs: number;
  readonly #named: number;
  /** By the place of the cell; empty where values belong to none. */
  readonly #names: (readonly string[])[] = [];
  /** Numbers of a cell. */
  readonly #width: number;
  /** For each cell its series, its mark and its values. A list of numbers: a typed array takes 200 bytes beside them. */
  #rows: number[] = [];
  /** Places of cells plus one, by the number of their series; open addressing. A power of two, at most half of it used; null for few. */
  #slots: Uint32Array | null = null;

  constructor({ outputs, named }: CellShape) {
    this.#outputs = outputs;
    this.#named = named;
    this.#width = 2 + outputs;
  }

  /** Memory that it takes, without what is rounded. */
  get bytes(): number {
    const names = NAME_BYTES * this.#named * this.count;
    return OWN_BYTES + 8 * this.#rows.length + names + (this.#slots?.byteLength ?? 0);
  }

  /** Number of the series at a place, from 0 to `count`. */
  seriesAt(place: number): number {
    return this.#rows[place * this.#width]!;
  }

  markAt(place: number): number {
    return this.#rows[place * this.#width + 1]!;
  }

  /** Value of an output at a place: null for none, ±Infinity for one beyond every double. */
  valueAt(place: number, output: number): number | null {
    const value = this.#rows[place * this.#width + 2 + output]!;
    return Number.isNaN(value) ? null : value;
  }

  /** The texts that the first values at a place belong to. */
  namesAt(place: number): readonly string[] {
    return this.#names[place] ?? [];
  }

  /** Returns the place of a series; -1 where it has no cell. */
  find(series: number): number {
    if (this.#slots !== null) return this.#slots[slotOf(this.#slots, series, this)]! - 1;
    for (let place = 0; place < this.count; place++) if (this.seriesAt(place) === series) return place;
    return -1;
  }

  /** Returns the place of a series, a new one without values where it has none. */
  findOrAdd(series: number): number {
    const known = this.find(series);
    if (known >= 0) return known;
    const place = this.count++;
    // In one piece: a list that grows by single numbers takes room for many more.
    if (place === 0) this.#rows = Array.from({ length: this.#width }, () => Number.NaN);
    else for (let i = 0; i < this.#width; i++) this.#rows.push(Number.NaN);
    this.#rows[place * this.#width] = series;
    this.#rows[place * this.#width + 1] = -1;
    this.#index(series, place);
    return place;
  }

  mark(place: number, mark: number): void {
    this.#rows[place * this.#width + 1] = mark;
  }

  /** Sets the values at a place; returns whether they were others. */
  set(place: number, values: readonly (number | null)[], names: readonly string[] = []): boolean {
    let isOther = this.#setNames(place, names);
    for (let i = 0; i < this.#outputs; i++) {
      const value = values[i] ?? Number.NaN;
      const at = place * this.#width + 2 + i;
      if (Object.is(this.#rows[at], value)) continue;
      this.#rows[at] = value;
      isOther = true;
    }
    return isOther;
  }

  #setNames(place: number, names: readonly string[]): boolean {
    if (this.#named === 0) return false;
    const before = this.namesAt(place);
    if (names.length === before.length && names.every((name, i) => name === before[i])) return false;
    this.#names[place] = names;
    return true;
  }

  #index(series: number, place: number): void {
    if (this.count <= FEW) return;
    if (this.#slots !== null && 2 * this.count <= this.#slots.length) {
      this.#slots[slotOf(this.#slots, series, this)] = place + 1;
      return;
    }
    const slots = new Uint32Array(this.#slots === null ? 4 * FEW : 2 * this.#slots.length);
    for (let at = 0; at < this.count; at++) slots[slotOf(slots, this.seriesAt(at), this)] = at + 1;
    this.#slots = slots;
  }
}

/** Returns the slot of a series: a free one where it has none. */
function slotOf(slots: Uint32Array, series: number, cells: Pick<FinalCells, 'seriesAt'>): number {
  const most = slots.length - 1;
  // Fibonacci hashing (Knuth, TAOCP 3, 6.4): series are numbered one after the other.
  let slot = Math.imul(series, 0x9e3779b1) & most;
  while (slots[slot] !== 0 && cells.seriesAt(slots[slot]! - 1) !== series) slot = (slot + 1) & most;
  return slot;
}
