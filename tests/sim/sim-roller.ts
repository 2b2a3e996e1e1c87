import type { RollUpSteps, RowSpan } from '#aggregator/core/roll-ups/roll-up-step.ts';
import type { Core } from './core.ts';
import { metricOf } from './metric-of.ts';
import { SIM_TIERS } from './sim-tiers.ts';
import { CHANGING } from './simulated-metrics.ts';
import type { Surroundings } from './surroundings.ts';

/** Rows that are counted, so that a simulation has several chunks. */
const FEW = 5;

/** One partition's roll-ups, as its owner does them: a read or a write at a time. */
export class SimRoller {
  readonly #world: Surroundings;
  readonly #core: Core;
  readonly #partition: number;
  #writes: Generator<void> | null = null;

  constructor(world: Surroundings, core: Core, partition: number) {
    this.#world = world;
    this.#core = core;
    this.#partition = partition;
  }

  /** Begins a pass over what the Store holds, or goes on with it. False when the pass is over. */
  step(): boolean {
    this.#writes ??= this.#begin();
    if (this.#writes.next().done !== true) return true;
    this.#writes = null;
    return false;
  }

  #begin(): Generator<void> {
    const { store } = this.#world;
    const commit = store.commits.get(this.#partition);
    const commits = commit === undefined ? [] : [structuredClone(commit)];
    const marks = [...store.tiers.marks.values()];
    return this.run(this.#core.rollUpCommitted({ commits, marks, metricOf, tiers: SIM_TIERS }));
  }

  /** Does the steps of roll-ups; others may do anything at each `yield`. */
  *run(steps: RollUpSteps<unknown>): Generator<void> {
    const { tiers } = this.#world.store;
    for (let next = steps.next(null); next.done !== true; ) {
      const one = next.value;
      let answer: RowSpan | null = null;
      if (one.step === 'span') answer = tiers.paneSpan(one, one.tier, FEW);
      else if (one.step === 'mark') for (const mark of one.marks) this.#mark(mark);
      else {
        const rows = one.rollUps.flatMap((rollUp) =>
          tiers.merge(rollUp).map((row) => ({ tier: rollUp.tier.name, row })),
        );
        for (const { tier, row } of rows) {
          yield;
          tiers.put(tier, row);
        }
      }
      yield;
      next = steps.next(answer);
    }
  }

  #mark(mark: Parameters<Surroundings['store']['tiers']['putMark']>[0]): void {
    const { store } = this.#world;
    store.tiers.putMark(mark);
    // At once: a crash may come before what would make it true. Of those whose versions never change.
    this.#world.noteFault(
      store.tiers.check(store.commits, (one) => one.metric !== CHANGING && one.partition === this.#partition),
    );
  }
}
