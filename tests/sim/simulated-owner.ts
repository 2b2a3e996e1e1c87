import type { Lacking } from '#aggregator/core/fills.ts';
import type { Flush, FlushStep } from '#aggregator/core/flush.ts';
import type { Partition } from '#aggregator/core/partition.ts';
import type { Publication } from '#aggregator/core/publication.ts';
import type { RestoreRead } from '#aggregator/core/restore/restore-read.ts';
import { createOwner, noteEnd, type Owner as Progress, progressOf } from '#aggregator/owner.ts';
import { nextOf } from '#contracts/log/added.ts';
import type { PartitionProgress } from '#contracts/log/update.ts';
import type { Core } from './core.ts';
import { metricOf } from './metric-of.ts';
import { SimDefiner } from './sim-definer.ts';
import { SimRoller } from './sim-roller.ts';
import { SIM_TIERS } from './sim-tiers.ts';
import { fixedMetric, readChanging, type SimMetric } from './simulated-metrics.ts';
import type { Surroundings } from './surroundings.ts';

/** Ids are hashed under it; a run must be the same each time. */
const ID_KEY = { k0: 1, k1: 2 };
/** States of a publication: few, so that most come in several. */
const PIECE = 3;

/** A batch for the updates topic: states, and the facts after the last of them. */
interface Batch {
  publication: Publication;
  facts: PartitionProgress | null;
}

/** An owner of a partition, or a zombie that believes it is one: the core and its unfinished work. */
export class Owner {
  readonly #world: Surroundings;
  readonly #core: Core;
  readonly #partition: number;
  #restore: ReturnType<Core['restorePartition']>;
  #read: RestoreRead | null = null;
  #live: Partition | null = null;
  #progress: Progress | null = null;
  #batches: Batch[] = [];
  #flush: Flush | null = null;
  #writes: (() => void)[] = [];
  #filling: (() => void)[] = [];
  readonly #definer: SimDefiner;
  readonly #roller: SimRoller;

  constructor(world: Surroundings, core: Core, partition: number) {
    this.#world = world;
    this.#core = core;
    this.#partition = partition;
    this.#restore = core.restorePartition(ID_KEY);
    this.#definer = new SimDefiner(world, core, partition);
    this.#roller = new SimRoller(world, core, partition);
  }

  get #log() {
    return this.#world.logs[this.#partition]!;
  }

  /** Makes one read of the restore, or one write of the flush. False when there was nothing to do. */
  step(): boolean {
    if (this.#live === null) this.#readOnce();
    else if (this.#writes.length > 0) this.#writes.shift()!();
    else return false;
    return true;
  }

  #readOnce(): void {
    const answer = this.#read === null ? undefined : this.#world.store.answer(this.#partition, this.#read);
    const step = this.#restore.next(answer);
    if (!step.done) this.#read = step.value;
    else {
      const options = {
        partition: this.#partition,
        identity: 'log',
        replayUntil: this.#log.blocks.length,
        idKey: ID_KEY,
      };
      this.#live = new this.#core.Partition(options, step.value);
      this.#progress = createOwner(this.#live, this.#world.now);
    }
  }

  /** Folds the next block. False when caught up. */
  fold(): boolean {
    const block = this.#live === null ? undefined : this.#log.blocks[this.#live.nextOffset];
    if (block === undefined) return false;
    const steps = this.#live!.foldInSteps(block);
    for (let step = steps.next(); !step.done; ) {
      const read = typeof step.value === 'object' && 'read' in step.value ? step.value : null;
      // Others do not wait for the read, a flush that is under way least of all.
      if (read !== null && this.#writes.length > 0) this.step();
      step = steps.next(read === null ? undefined : this.#world.store.points(this.#partition, read));
    }
    this.#progress!.foldedAt = this.#world.now;
    return true;
  }

  /** Drains the changes; the batch lands later, in order, or never when the owner dies before. */
  publish(): void {
    if (this.#live === null) return;
    const facts = progressOf(this.#progress!, this.#world.now);
    // In pieces, as where there is much: the facts come with the last.
    for (let left = this.#live.changed; left > 0; ) {
      const publication = this.#live.drainUpdates({ cells: Math.min(left, PIECE), bytes: Infinity });
      left -= publication.cells;
      this.#batches.push({ publication, facts: left === 0 ? facts : null });
    }
    if (this.#batches.at(-1)?.facts !== facts)
      this.#batches.push({ publication: this.#live.drainUpdates(), facts });
  }

  land(): void {
    const batch = this.#batches.shift();
    if (batch === undefined) return;
    const { publication, facts } = batch;
    this.#world.updates.push(...structuredClone(publication.updates));
    if (facts !== null) this.#world.updates.push({ kind: 'facts', partitions: [facts] });
    publication.acknowledge();
  }

  /** The Log refuses the oldest batch in flight. */
  refuse(): void {
    this.#batches.shift()?.publication.putBack();
  }

  /** The heartbeat: reads the log's end, and publishes it with the next batch. */
  beat(): void {
    if (this.#live === null) return;
    noteEnd(this.#progress!, this.#log.blocks.length, this.#world.now);
    this.publish();
  }

  /** What an undisturbed worker does: folds and publishes everything, with the log's end. */
  flow(): void {
    if (this.#live === null) this.#restoreAll();
    while (this.fold());
    this.beat();
    this.#landAll();
  }

  #restoreAll(): void {
    while (this.#live === null) this.step();
  }

  beginFlush(): void {
    if (this.#flush !== null || this.#live === null) return;
    this.#flush = this.#live.beginFlush();
    if (this.#flush === null) return;
    this.#writes = this.#core.FLUSH_ORDER.flatMap((step) => this.#writesOf(step, this.#flush!));
    this.#writes.push(() => {
      this.#live!.commitFlush();
      Array.from(this.#live!.evicting());
      this.#flush = null;
    });
  }

  /** Rows may reach the Store one by one, in any order: an insert is not one instant. */
  #writesOf(step: FlushStep, flush: Flush): (() => void)[] {
    const { store } = this.#world;
    if (step === 'updates') {
      const publishAll = (): void => {
        this.publish();
        this.#landAll();
      };
      return [publishAll];
    }
    if (step === 'panes') {
      const turned = flush.commit.next % 2 === 0 ? flush.panes : flush.panes.toReversed();
      return turned.map((row) => () => store.putPane(row));
    }
    if (step === 'archive') return flush.archive.map((row) => () => store.putArchive(row));
    return [() => store.putCommit(flush.commit)];
  }

  #landAll(): void {
    while (this.#batches.length > 0) this.land();
  }

  /** The Store refuses the rest of a flush. */
  fail(): void {
    if (this.#flush === null) return;
    this.#flush = null;
    this.#writes = [];
    this.#live!.abandonFlush();
  }

  /**
   * Starts the later metric here, as an owner does: only when caught up and only where it is missing. `decided`: it
   * decided that earlier, and its append was delayed, perhaps until after another owner's.
   */
  define(decided: boolean): void {
    const { id, version, definition } = this.#world.metrics.later;
    if (this.#live === null) return;
    const caughtUp = this.#live.nextOffset === this.#log.blocks.length;
    const missing = !this.#live.active.some((a) => a.metric === id);
    if (decided || (caughtUp && missing))
      this.#log.append({ kind: 'control', control: { kind: 'metric', metric: id, version, definition } });
  }

  /** A whole flush at once: what others do meanwhile is then a step of theirs, not of ours. */
  save(): void {
    this.beginFlush();
    while (this.#writes.length > 0) this.step();
  }

  /** Everything that may be filled in now, at once. */
  fill(): void {
    const due = (this.#live?.lacking().length ?? 0) + 1;
    // Each once: a core that is weakened may never take note of one.
    for (let i = 0; i < due && this.fillStep(); i++) while (this.#filling.length > 0) this.fillStep();
  }

  /** One write of a back-fill: a row, the word to the readers, the note for the commit row. False when there is none. */
  fillStep(): boolean {
    const [lacking] = this.#live?.lacking() ?? [];
    if (this.#filling.length === 0 && lacking !== undefined) this.#filling = this.#fillOf(lacking);
    const step = this.#filling.shift();
    step?.();
    return step !== undefined;
  }

  #fillOf(lacking: Lacking): (() => void)[] {
    const { store, updates } = this.#world;
    const { active, history, added } = lacking;
    const { metric, version, activation, definition } = active;
    const filled = fixedMetric(metric) ?? readChanging(version, definition);
    const p = this.#partition;
    const tell = (part: string, next: number) => () =>
      updates.push({ kind: 'backfilled', metric, version, part, activation: next });
    const older = history ? store.sqlFold(filled, p, activation) : [];
    const rows = added === null ? older : [...older, ...store.foldAdded(filled, p, added)];
    return [
      ...rows.map((row) => () => store.putPane(row)),
      ...(history ? [this.#rollUpFilled(filled, `~${p}`)] : []),
      ...(added === null ? [] : [this.#rollUpFilled(filled, `+${p}`)]),
      ...(added === null ? [] : [tell(`+${p}`, nextOf(added))]),
      ...(history ? [tell(`~${p}`, activation)] : []),
      () => this.#live!.markFilled(lacking),
    ];
  }

  /** One read or write of the roll-ups of what was filled in; the rest follows. */
  #rollUpFilled({ id, version, definition }: SimMetric, part: string): () => void {
    const metric = metricOf({ metric: id, definition })!;
    const steps = this.#core.rollUpFilled({ metric, version, parts: [part], tiers: SIM_TIERS });
    const writes = this.#roller.run(steps);
    const step = (): void => {
      if (writes.next().done !== true) this.#filling.unshift(step);
    };
    return step;
  }

  /** One read or write of a roll-up. False when there is nothing more to roll up now. */
  roll(): boolean {
    return this.#live !== null && this.#roller.step();
  }

  /** What was begun, and then all that is left. */
  rollAll(): void {
    for (let pass = 0; pass < 2; pass++) while (this.roll());
  }

  learn(): boolean {
    return this.#definer.learn();
  }

  control(decided: boolean): void {
    if (this.#live !== null) this.#definer.control(this.#live, decided);
  }

  serve(): void {
    if (this.#live !== null) this.#definer.serve();
  }

  /** Runs to rest: restored, everything folded, published and committed. */
  settle(): void {
    this.#restoreAll();
    while (this.#writes.length > 0) this.step();
    while (this.fold());
    for (let round = 0; round < 3; round++) {
      this.save();
      this.fill();
    }
    this.beat();
    this.#landAll();
  }
}
