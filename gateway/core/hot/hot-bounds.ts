import type { Fault } from '#contracts/errors.ts';
import type { MetricTable } from '../metric-table.ts';
import { STATE_BYTES } from './byte-estimates.ts';

/** Merges of blocks may take this share of the bound of states, in addition. */
const MERGED_SHARE = 0.25;

export interface HotLimits {
  /** Number of states in memory. */
  cells: number;
  /** Their estimated memory. */
  hotBytes: number;
}

/** Bounds of the states that can still change, of all metrics together. */
export class HotBounds {
  readonly #metrics: MetricTable;
  readonly #limits: HotLimits;

  constructor(metrics: MetricTable, limits: HotLimits) {
    this.#metrics = metrics;
    this.#limits = limits;
  }

  /** Whether the states and `more` others exceed the bounds times `times`. */
  isAbove(times: number, more: number): boolean {
    const { cells, hotBytes } = this.#limits;
    if (this.#metrics.size() + more > cells * times) return true;
    return this.#metrics.bytes() + more * STATE_BYTES > hotBytes * times;
  }

  /** Drops merges of blocks, which can be made again, where they exceed their share. */
  trim(): void {
    this.#metrics.trimMerged(this.#limits.hotBytes * MERGED_SHARE);
  }

  /** Returns why there is no room for this many states more; null where there is. */
  check(states: number): Fault | null {
    if (states > this.#limits.cells) return this.tooMany(states);
    return this.isAbove(1, states) ? FULL : null;
  }

  tooMany(states: number): Fault {
    const { cells } = this.#limits;
    return {
      code: 'view_too_large',
      message: `The view needs ${states} states that can still change, and a gateway holds ${cells} (MILLRACE_HOT_CELLS). Ask for a shorter range, or give the metric a shorter lateness or a longer pane.`,
    };
  }
}

export const FULL: Fault = {
  code: 'overloaded',
  message:
    'The gateway has reached its limit of states that can still change (MILLRACE_HOT_BYTES, MILLRACE_HOT_CELLS); try again later.',
};
