import { groupKey } from '#contracts/metric/dimension.ts';
import type { Member } from '#contracts/view/frame.ts';
import { seriesBytes } from '../hot/byte-estimates.ts';
import type { Steps } from '../steps.ts';
import { type Input, SeenGroups } from './input.ts';
import { joinGroups } from './join-groups.ts';

export interface DerivedSeries extends Member {
  /** By input: the key of the group there. */
  readonly keys: readonly string[];
  /** Cursor offset as of which it has come, at the latest. */
  readonly shown: number;
}

/** The series of a derived range: the groups of its inputs, joined. */
export class DerivedSeriesList {
  /** Cursor offset as of which they last changed, at the latest. */
  mark = -1;
  /** Estimated memory. */
  bytes = 0;
  readonly #inputs: readonly Input[];
  readonly #dimensions: number;
  /** Which groups are shown; null for all. */
  #isShown: ((group: readonly string[]) => boolean) | null = null;
  #series = new Map<string, DerivedSeries>();
  readonly #seen: SeenGroups;
  #numbers = 0;

  constructor(inputs: readonly Input[], dimensions: number) {
    this.#inputs = inputs;
    this.#dimensions = dimensions;
    this.#seen = new SeenGroups(inputs);
  }

  get size(): number {
    return this.#series.size;
  }

  values(): IterableIterator<DerivedSeries> {
    return this.#series.values();
  }

  members(): Member[] {
    return [...this.values()].map(({ series, group }) => ({ series, group }));
  }

  /** Shows only some groups from now on. */
  showOnly(isShown: (group: readonly string[]) => boolean): void {
    this.#isShown = isShown;
    this.#seen.forget();
  }

  /** Follows the groups of the inputs. */
  *follow(): Steps {
    if (this.#seen.isSame) return;
    const upTo = Math.max(...this.#inputs.map(({ side }) => side.cells.membersMark));
    const inputs = this.#inputs.map(({ kept, side }) => ({
      kept,
      groups: side.cells.members().map(({ group }) => group),
    }));
    const before = this.#series;
    const series = new Map<string, DerivedSeries>();
    let isOther = false;
    let bytes = 0;
    for (const group of joinGroups(inputs, this.#dimensions)) {
      if (group === undefined || series.size % 1_000 === 0) yield;
      if (group === undefined || this.#isShown?.(group) === false) continue;
      const key = groupKey(group);
      const known = before.get(key);
      isOther ||= known === undefined;
      const keys = this.#inputs.map(({ kept }) => groupKey(kept.map((at) => group[at]!)));
      series.set(key, known ?? { series: this.#numbers++, group, keys, shown: upTo });
      bytes += seriesBytes(key) * (1 + this.#inputs.length);
    }
    this.#series = series;
    this.bytes = bytes;
    if (isOther || series.size !== before.size) this.mark = upTo;
    this.#seen.note();
  }
}
