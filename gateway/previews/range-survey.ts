import { minKnown } from '#contracts/min-known.ts';
import { HOUR, MINUTE } from '#contracts/text/duration.ts';
import type { PreviewReads, PreviewSize, PreviewSurvey, PreviewTally } from '#platform/store/store.ts';
import { cutSlice } from './cut-slice.ts';

/** A part of a range, with what the fullest unit of it has. */
export interface SurveyedSlice {
  from: number;
  to: number;
  crowd: number;
}

/** How many events a slice may have: the first few, so that something is known soon. */
export interface SliceSizes {
  first: number;
  most: number;
}

export interface SurveyOptions {
  /** What is surveyed, from its end back. */
  from: number;
  to: number;
  pane: number;
  /** Divides every start and end of a window, ms; 0: anything does. */
  align: number;
  /** Cap of groups of a pane. */
  cap: number;
  slices: SliceSizes;
  /** Called before each statement: throws where nobody waits any more. */
  check(): void;
}

/** Groups of all slices that are told apart. */
const MOST_GROUPS = 100_000;
/** How long the survey of a slice should take, ms: no statement can be ended while it runs, and folding a slice takes a few times as long. */
const TIME_OF_SLICE = 800;
/** The first slice to be counted, ms. */
const FIRST_LENGTH = 15 * MINUTE;

/**
 * What a range holds, found slice by slice from its end back. Where no unit of some panes has more groups than a pane has places,
 * these panes can be folded as one; an hour is tried first, then a minute.
 */
export class RangeSurvey {
  readonly tally: PreviewTally = { matched: 0, counted: 0, imported: 0, late: 0, misfits: [] };
  readonly size: PreviewSize = { rows: 0, groups: 0, largest: 0, numbers: 0, first: null };
  /** From here on the range is surveyed. */
  from: number;
  readonly #reads: PreviewReads;
  readonly #options: SurveyOptions;
  readonly #slices: SurveyedSlice[] = [];
  readonly #groups = new Set<number>();
  /** Numbers of a row, as far as they were measured. */
  #measured: PreviewSize | null = null;
  #unit: number;
  #length = FIRST_LENGTH;
  /** Events of the next slice. */
  #most: number;

  constructor(reads: PreviewReads, options: SurveyOptions) {
    this.#reads = reads;
    this.#options = options;
    this.from = options.to;
    this.#unit = unitOf(options, HOUR);
    this.#most = options.slices.first;
  }

  /** From 0 to 1. */
  get progress(): number {
    const { from, to } = this.#options;
    return to > from ? (to - this.from) / (to - from) : 1;
  }

  /** Returns a slice by its number from the end, surveyed now if it was not; null behind the last. */
  async slice(number: number): Promise<SurveyedSlice | null> {
    while (this.#slices.length <= number && this.from > this.#options.from) await this.#next();
    return this.#slices[number] ?? null;
  }

  async complete(): Promise<void> {
    while (this.from > this.#options.from) await this.#next();
  }

  /** Returns the unit that a surveyed range can be folded by; undefined where each pane has to be. */
  unitIn(from: number, to: number, align: number): number | undefined {
    const isCrowded = this.#slices.some((one) => one.from < to && one.to > from && this.#isCrowded(one));
    return isCrowded || align % this.#unit !== 0 ? undefined : this.#unit;
  }

  async #next(): Promise<void> {
    const { from: floor, slices } = this.#options;
    const to = this.from;
    const { from, events } = await cutSlice({
      end: to,
      floor,
      step: this.#unit,
      most: this.#most,
      length: this.#length,
      count: (start, end) => {
        this.#options.check();
        return this.#reads.countNamed(start, end);
      },
    });
    const began = performance.now();
    const found = await this.#look(from, to);
    const pace = TIME_OF_SLICE / (performance.now() - began + 1);
    this.#most = Math.max(slices.first, Math.min(slices.most, Math.floor(pace * events)));
    this.#length = (to - from) * Math.max(1, Math.min(8, this.#most / (events + 1)));
    this.#slices.push({ from, to, crowd: found.crowd });
    this.from = from;
    this.#addTally(found.tally);
    await this.#addSize(found, { from, to });
  }

  /** Surveys a slice by hours, where an hour is too full by minutes. */
  async #look(from: number, to: number): Promise<PreviewSurvey> {
    for (;;) {
      this.#options.check();
      const found = await this.#reads.survey({ from, to, unit: this.#unit });
      const finer = unitOf(this.#options, MINUTE);
      if (!this.#isCrowded(found) || finer >= this.#unit) return found;
      this.#unit = finer;
    }
  }

  #isCrowded({ crowd }: Pick<PreviewSurvey, 'crowd'>): boolean {
    return crowd > this.#options.cap;
  }

  #addTally({ misfits, ...counts }: PreviewTally): void {
    const { tally } = this;
    for (const name of ['matched', 'counted', 'imported', 'late'] as const) tally[name] += counts[name];
    for (const one of misfits) {
      const known = tally.misfits.find(
        ({ field, expected, found }) =>
          field === one.field && expected === one.expected && found === one.found,
      );
      if (known === undefined) tally.misfits.push({ ...one });
      else known.events += one.events;
    }
    tally.misfits.sort((a, b) => b.events - a.events);
  }

  /** What is crowded is folded to be measured; of the rest the first slice tells how large states are. */
  async #addSize(found: PreviewSurvey, { from, to }: { from: number; to: number }): Promise<void> {
    const { size } = this;
    size.first = minKnown(size.first, found.first);
    if (found.rows === 0) return;
    const isCrowded = this.#isCrowded(found);
    this.#options.check();
    if (isCrowded || this.#measured === null) {
      const measured = await this.#reads.measure(from, to);
      this.#measured ??= measured;
      size.largest = Math.max(size.largest, measured.largest);
      size.groups = Math.max(size.groups, measured.groups);
      size.rows += measured.rows;
      size.numbers += measured.numbers;
    } else {
      size.rows += found.rows;
      size.numbers += Math.round((found.rows * this.#measured.numbers) / Math.max(1, this.#measured.rows));
    }
    if (isCrowded) return;
    for (const hash of found.groups) if (this.#groups.size < MOST_GROUPS) this.#groups.add(hash);
    size.groups = Math.max(size.groups, this.#groups.size);
  }
}

/** Returns the longest unit, up to `most`, that panes make and that windows are made of. */
function unitOf({ pane, align }: Pick<SurveyOptions, 'pane' | 'align'>, most: number): number {
  let [unit, rest] = [most, align];
  while (rest > 0) [unit, rest] = [rest, unit % rest];
  return unit % pane === 0 ? unit : pane;
}
