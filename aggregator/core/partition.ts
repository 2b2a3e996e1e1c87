import type { Fault } from '#contracts/errors.ts';
import type { BlockHeaders } from '#contracts/log/block.ts';
import { decodeControl, type FoldSettings } from '#contracts/log/control.ts';
import type { ActiveMetric, PartitionCounters, PartitionFacts } from '#contracts/log/rows.ts';
import { MAX_REACH } from '#contracts/metric/sequence.ts';
import { DAY } from '#contracts/text/duration.ts';
import { cutBody, decodeInSteps } from './decode/decode.ts';
import type { DecodedBlock, DecodedEvent, Rejection } from './decode/decoded-block.ts';
import { createKnownLines } from './decode/known-lines.ts';
import { type Block, type PartitionOptions, readHead } from './decode/read-block.ts';
import { hashId } from './dedup/hash-id.ts';
import type { IdWindow } from './dedup/id-window.ts';
import { createRecentBlocks, type RecentBlocks } from './dedup/recent-blocks.ts';
import { type Lacking, lackingOf } from './fills.ts';
import type { Flush } from './flush.ts';
import { ActiveMetrics } from './fold/active-metrics.ts';
import { createPaneCaps, type PaneCaps } from './fold/pane-caps.ts';
import { createSizes, type PartitionSizes } from './partition-sizes.ts';
import { drainPublication, type Publication, type PublicationBounds } from './publication.ts';
import type { Restored } from './restore/restore-partition.ts';
import { FIRST_FACTS } from './restore/restore-partition.ts';
import type { FoldSteps } from './restore/restore-read.ts';
import { type ArchivePosition, archiveRow, Unstored } from './unstored.ts';

/** Work between two steps: one for each metric that looks at an event, and what an event itself counts for. */
const WORK_A_STEP = 1_500;
const EVENT_WORK = 3;

/**
 * The owner of one source partition: states, watermark, ids, and what waits for the Store. Its input is the partition's log and nothing
 * else (rule 0). It is captured between blocks only, so positions are block offsets.
 */
export class Partition {
  readonly partition: number;
  readonly counters: PartitionCounters;
  /** What it holds in memory. */
  readonly sizes: PartitionSizes;
  /** Offset after the last folded block. */
  nextOffset: number;
  watermark: number | null;
  settings: FoldSettings;
  /** Receipt of the last folded block, epoch ms. */
  received: number | null = null;
  /** Offset after the last imported block. */
  #imports: number;
  /** Live ids that the cap dropped since this owner began. */
  droppedIds = 0;
  readonly #options: PartitionOptions;
  readonly #metrics: ActiveMetrics;
  readonly #ids: IdWindow;
  readonly #blocks: RecentBlocks;
  readonly #caps: PaneCaps;
  readonly #known = createKnownLines();
  readonly #unstored: Unstored;
  /** Cells are being read for a block, and folded: none may be dropped before its end. */
  #warm = false;
  /** The states hold a part of a block. */
  #folding = false;

  constructor(options: PartitionOptions, restored: Restored) {
    const facts = restored.commit?.facts ?? FIRST_FACTS;
    this.partition = options.partition;
    this.#options = options;
    this.nextOffset = restored.commit?.next ?? 0;
    this.watermark = facts.watermark;
    this.settings = facts.settings;
    this.#imports = facts.imports ?? 0;
    this.counters = { ...facts.counters };
    this.#blocks = createRecentBlocks(facts.blocks);
    this.#metrics = new ActiveMetrics(facts.active, restored, facts.settings);
    this.#ids = restored.ids;
    this.#caps = createPaneCaps(facts.caps);
    this.#unstored = new Unstored(this.nextOffset, options.identity, this.#metrics);
    this.sizes = createSizes(this.#metrics, this.#unstored, this.#ids);
  }

  /** Folds one block; returns what it refused. Blocks come in order of offset, each once. */
  fold(block: Block): Rejection[] {
    const steps = this.foldInSteps(block);
    for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
  }

  /** The same in steps, at which other work may run, and with reads of what is in the Store alone. After `alone` nothing may be captured until the end of the block. */
  *foldInSteps(block: Block): FoldSteps {
    if (block.offset < this.nextOffset)
      throw new Error(
        `Partition ${this.partition}: block ${block.offset} came again after ${this.nextOffset}.`,
      );
    const read = readHead(block);
    if (!read.ok) return this.#refuse(block, read.fault);
    const { kind, block: id, received, imported } = read.value;
    if (kind === 'control') return yield* this.#applyControl(block);
    if (id !== null && this.#blocks.has(id)) {
      this.#pass(block, received);
      this.counters.repeatedBlocks++;
      return [];
    }
    const body = { value: block.value, received, foreign: id === null };
    const decoded = yield* decodeInSteps(body, this.#metrics.wanted, this.#known);
    this.#warm = true;
    try {
      if (!imported) yield* this.#metrics.warm(decoded.events, this.watermark);
      yield 'alone';
      this.#folding = true;
      const rejected = yield* this.#foldEvents(block, read.value, decoded);
      // Not where it throws: half a block is never stored or shown.
      this.#folding = false;
      return rejected;
    } finally {
      this.#warm = false;
    }
  }

  #pass(block: Block, received: number | null): void {
    this.nextOffset = block.offset + 1;
    this.received = received ?? this.received;
  }

  #refuse(block: Block, fault: Fault): Rejection[] {
    this.#pass(block, null);
    return this.#reject([{ index: 0, fault, body: cutBody(block.value) }]);
  }

  *#foldEvents(
    block: Block,
    headers: BlockHeaders,
    decoded: DecodedBlock,
  ): Generator<undefined, Rejection[], unknown> {
    const { received, block: id, imported } = headers;
    // Every event of the block is judged by the watermark of earlier blocks: the block is the atom (rule 2).
    const at = { part: this.partition, offset: block.offset, watermark: this.watermark };
    let reached = this.watermark;
    let work = 0;
    for (const event of decoded.events) {
      if (work > WORK_A_STEP) {
        yield;
        work = 0;
      }
      work += EVENT_WORK;
      if (!imported) {
        const time = Math.min(event.ts, received);
        if (reached === null || time > reached) reached = time;
        this.#caps.see(event.ts);
      }
      if (this.#isFirst(event)) work += this.#foldEvent(event, at, headers);
    }
    const replayed = block.offset < this.#options.replayUntil;
    yield* this.#metrics.closeBlock(block.offset + 1, replayed ? null : received);
    this.#pass(block, received);
    if (id !== null) this.#blocks.add(id);
    if (imported) this.#imports = this.nextOffset;
    if (imported) this.#metrics.noteImports(this.settings);
    this.watermark = reached;
    this.droppedIds += this.#ids.closeBlock(block.offset, this.watermark, this.settings);
    return this.#reject(decoded.rejected);
  }

  #isFirst(event: DecodedEvent): boolean {
    if (event.id === null) return true;
    const { a, b } = hashId(this.#options.idKey, event.key, event.id);
    if (this.#ids.addIfNew(a, b, event.ts)) return true;
    this.counters.duplicates++;
    return false;
  }

  /** Returns the number of metrics that looked at it. */
  #foldEvent(event: DecodedEvent, at: ArchivePosition, headers: BlockHeaders): number {
    const row = archiveRow(event, at, headers);
    this.counters.events++;
    this.#unstored.archive(row);
    return this.#metrics.fold(event, row, this.#caps, this.counters);
  }

  *#applyControl(block: Block): FoldSteps {
    const read = decodeControl(new TextDecoder().decode(block.value));
    if (!read.ok) return this.#refuse(block, read.fault);
    const control = read.value;
    const at = { ...this.#unstored.since, watermark: this.watermark };
    // A flush may come meanwhile: nothing has changed until then.
    const sequences =
      control.kind === 'metric' ? yield* this.#metrics.seed(control, this.settings, at) : null;
    this.#pass(block, null);
    this.#unstored.noteFacts();
    if (control.kind === 'settings') this.#applySettings(control.settings, block.offset);
    else if (control.kind === 'retire') this.#metrics.retire(control.metric, control.version);
    else if (control.kind === 'rebuild')
      this.#metrics.rebuild({ ...control, below: this.nextOffset }, this.settings);
    else {
      const { kind: _, ...version } = control;
      // Where nothing came before it there is nothing to fill in.
      const active = { ...version, activation: block.offset, backfilled: this.counters.events === 0 };
      const started = this.#metrics.start(active, this.settings.horizon, sequences);
      if (!started.ok) return this.#refuse(block, started.fault);
      if (this.#imports > 0) this.#metrics.noteImports(this.settings);
    }
    return [];
  }

  #applySettings(settings: FoldSettings, offset: number): void {
    const { groups, levels } = this.settings;
    if (settings.groups !== groups || settings.levels !== levels) this.#caps.change(settings);
    this.settings = settings;
    this.#metrics.bound(settings);
    // Applied at once, because a restore from here reads ids up to the new cap.
    this.droppedIds += this.#ids.closeBlock(offset, this.watermark, settings);
    // No pane that begins before this can still change: windows are at most a day.
    if (this.watermark !== null) this.#caps.forget(this.watermark - settings.horizon - MAX_REACH - DAY);
  }

  #reject(rejected: Rejection[]): Rejection[] {
    this.counters.rejected += rejected.length;
    return rejected;
  }

  /** Events since this owner began whose id was too old to be remembered: a repeat of them counts again. */
  get idsNotRemembered(): number {
    return this.#ids.notRemembered;
  }

  /** Offset up to which the last acknowledged commit row covers the log; 0 before any. */
  get committedOffset(): number {
    return this.#unstored.committedOffset;
  }

  /** Metric versions that are active here. */
  get active(): readonly ActiveMetric[] {
    return this.#metrics.list();
  }

  /** Events that were late, and whose group found no place, by metric, since this owner began. */
  get countsByMetric(): { metric: string; late: number; overflowed: number }[] {
    return this.#metrics.counts();
  }

  /** Drops states from memory that the Store has, until about `most` bytes are left. No result depends on it. */
  cool(most: number): void {
    if (!this.#warm) this.#metrics.cool(this.watermark, most);
  }

  /** What the SQL fold has to fill in (rules 4 and 7). `isCancelled`: the metric's newest rebuild was called off. */
  lacking(isCancelled: (active: ActiveMetric) => boolean = () => false): Lacking[] {
    const at = { committed: this.committedOffset, imports: this.#imports };
    return this.active.flatMap((active) => lackingOf(active, at, isCancelled(active)) ?? []);
  }

  /** It is in the Store; the next commit row says so. */
  markFilled(filled: Lacking): void {
    this.#metrics.markFilled(filled);
    this.#unstored.noteFacts();
  }

  /** Number of states that have changed since they were last drained. */
  get changed(): number {
    return this.#metrics.all().reduce((sum, cells) => sum + cells.changed.length, 0);
  }

  /** Returns the states that have changed since the last publication, oldest change first, and no longer counts them as changed; all of them by default. */
  drainUpdates(most?: PublicationBounds): Publication {
    this.#mustBeWhole();
    return drainPublication(this.#metrics.all(), String(this.partition), most);
  }

  /** Captures the offset and everything that belongs to it; null when a flush is under way or there is nothing new. */
  beginFlush(): Flush | null {
    this.#mustBeWhole();
    return this.#unstored.begin(this, () => this.#facts());
  }

  #mustBeWhole(): void {
    if (this.#folding) throw new Error(`Partition ${this.partition} was captured in the middle of a block.`);
  }

  #facts(): PartitionFacts {
    return {
      watermark: this.watermark,
      settings: this.settings,
      active: this.#metrics.list().map((a) => ({ ...a })),
      ...(this.#imports === 0 ? {} : { imports: this.#imports }),
      blocks: this.#blocks.list(),
      ids: { ...this.#ids.bounds },
      caps: this.#caps.facts(),
      counters: { ...this.counters },
    };
  }

  /** The commit row is durable: what has not moved since is clean. */
  commitFlush(): void {
    this.#unstored.commit();
  }

  /** Drops final panes that nothing waits for, and points of sequences: each time after a commit. Anything else may be done between its steps. */
  evicting(): Generator<undefined, void, unknown> {
    return this.#metrics.evicting(this.watermark);
  }

  /** The flush failed: everything stays dirty for the next one. */
  abandonFlush(): void {
    this.#unstored.abandon();
  }
}
