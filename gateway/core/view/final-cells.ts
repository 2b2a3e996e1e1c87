/** Cells that have room at first. */
const FIRST = 8;

/**
 * The values of the cells of one window that is over, by the number of their series: 28 bytes a cell of one output, whatever
 * their states were. No value is NaN here.
 */
export class FinalCells {
  count = 0;
  readonly #outputs: number;
  #series = new Uint32Array(FIRST);
  #marks = new Float64Array(FIRST);
  #values: Float64Array;
  /** Places of cells plus one, by the number of their series; open addressing. A power of two, at most half of it used. */
  #slots = new Uint32Array(2 * FIRST);

  constructor(outputs: number) {
    this.#outputs = outputs;
    this.#values = new Float64Array(FIRST * outputs);
  }

  /** Memory that it takes, without what is rounded. */
  get bytes(): number {
    return (
      this.#series.byteLength + this.#marks.byteLength + this.#values.byteLength + this.#slots.byteLength
    );
  }

  /** Number of the series at a place, from 0 to `count`. */
  seriesAt(place: number): number {
    return this.#series[place]!;
  }

  markAt(place: number): number {
    return this.#marks[place]!;
  }

  /** Value of an output at a place: null for none, ±Infinity for one beyond every double. */
  valueAt(place: number, output: number): number | null {
    const value = this.#values[place * this.#outputs + output]!;
    return Number.isNaN(value) ? null : value;
  }

  /** Returns the place of a series; -1 where it has no cell. */
  find(series: number): number {
    const place = this.#slots[this.#slotOf(series)]!;
    return place - 1;
  }

  /** Returns the place of a series, a new one without values where it has none. */
  findOrAdd(series: number): number {
    const known = this.find(series);
    if (known >= 0) return known;
    if (this.count === this.#series.length) this.#grow();
    const place = this.count++;
    this.#series[place] = series;
    this.#values.fill(Number.NaN, place * this.#outputs, (place + 1) * this.#outputs);
    this.#slots[this.#slotOf(series)] = place + 1;
    return place;
  }

  mark(place: number, mark: number): void {
    this.#marks[place] = mark;
  }

  /** Sets the values at a place; returns whether they were others. */
  set(place: number, values: readonly (number | null)[]): boolean {
    let isOther = false;
    for (let i = 0; i < this.#outputs; i++) {
      const value = values[i] ?? Number.NaN;
      const at = place * this.#outputs + i;
      if (Object.is(this.#values[at], value)) continue;
      this.#values[at] = value;
      isOther = true;
    }
    return isOther;
  }

  #slotOf(series: number): number {
    const most = this.#slots.length - 1;
    // Fibonacci hashing (Knuth, TAOCP 3, 6.4): series are numbered one after the other.
    let slot = Math.imul(series, 0x9e3779b1) & most;
    while (this.#slots[slot] !== 0 && this.#series[this.#slots[slot]! - 1] !== series)
      slot = (slot + 1) & most;
    return slot;
  }

  #grow(): void {
    const room = Math.ceil(this.count * 1.5);
    const series = new Uint32Array(room);
    series.set(this.#series);
    this.#series = series;
    const marks = new Float64Array(room);
    marks.set(this.#marks);
    this.#marks = marks;
    const values = new Float64Array(room * this.#outputs);
    values.set(this.#values);
    this.#values = values;
    if (this.#slots.length >= 2 * room) return;
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let place = 0; place < this.count; place++)
      this.#slots[this.#slotOf(this.#series[place]!)] = place + 1;
  }
}
