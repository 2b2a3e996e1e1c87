import { compileMetric } from '#aggregates/judge/compile-metric.ts';
import type { GroupKeys } from '#aggregates/judge/group-key.ts';
import { isNamed } from '#aggregates/judge/judge-event.ts';
import { MillraceError, ok, type Result } from '#contracts/errors.ts';
import type { FillCaps, FoldSettings } from '#contracts/log/control.ts';
import type { ActiveMetric, ArchiveRow, PaneRow, PartitionCounters } from '#contracts/log/rows.ts';
import { type DecodedEvent, type Wanted, wantedOf } from '../decode/decoded-block.ts';
import { type Lacking, noteAdded, noteFilled, noteRebuild } from '../fills.ts';
import type { RestoredStates } from '../restore/restore-partition.ts';
import type { ColdRead, FoldAnswer, PointsRead } from '../restore/restore-read.ts';
import type { MetricSequences } from '../sequences/metric-sequences.ts';
import { rulesOf } from '../sequences/sequence-rules.ts';
import { MetricCells } from './metric-cells.ts';
import type { PaneCaps } from './pane-caps.ts';
import { type SeedPosition, seedSequences } from './seed-sequences.ts';

interface Version {
  metric: string;
  version: number;
}

/** ms about the watermark in which most events lie. */
const NEAR = 5_000;
/** Cells that are dropped before other work may run. */
const EVICTED_A_STEP = 2_000;

/** The metric versions of a partition: those that fold, and retired ones until their last states are stored. */
export class ActiveMetrics {
  #folding: MetricCells[] = [];
  #retired: MetricCells[] = [];
  #byEvent = new Map<string, MetricCells[]>();
  #anyEvent: MetricCells[] = [];
  wanted: Wanted = wantedOf([]);
  /** Characters of a group's value. */
  #valueLength: number;

  /** Throws what a definition is refused with: it was active, so its states must not be left behind. */
  constructor(active: readonly ActiveMetric[], restored: RestoredStates, { valueLength }: FoldSettings) {
    this.#valueLength = valueLength ?? Infinity;
    for (const one of active) {
      const { metric, version } = one;
      const found = restored.sequences.find((of) => of.metric === metric && of.version === version);
      // The horizon bounded it when it was started; a smaller one since then does not end it.
      const started = this.start({ ...one }, Infinity, found?.sequences ?? null);
      if (!started.ok) throw new MillraceError(started.fault);
    }
    for (const row of restored.panes) this.#find(row.metric, row.version)?.restore(row);
    for (const { metric, version, pane, named } of restored.cold)
      this.#find(metric, version)?.restoreCold(pane, named);
  }

  /** What a version that is to be started goes on from; null where that is nothing, and where it is active already. */
  *seed(
    { metric, version, definition }: Pick<ActiveMetric, 'metric' | 'version' | 'definition'>,
    { horizon, valueLength }: FoldSettings,
    at: Omit<SeedPosition, 'valueLength'>,
  ): Generator<PointsRead | undefined, MetricSequences | null, unknown> {
    if (this.#find(metric, version) !== undefined) return null;
    const compiled = compileMetric(metric, definition, horizon);
    return compiled.ok ? yield* seedSequences(compiled.value, { ...at, valueLength }) : null;
  }

  /** The first control block of a metric version wins; a repeat changes nothing. Refuses what cannot be read. */
  start(active: ActiveMetric, horizon: number, sequences: MetricSequences | null): Result<null> {
    if (this.#find(active.metric, active.version) !== undefined) return ok(null);
    const compiled = compileMetric(active.metric, active.definition, horizon);
    if (!compiled.ok) return compiled;
    if (rulesOf(compiled.value) !== null && sequences === null)
      throw new Error(`The sequences of ${active.metric} were not read.`);
    this.#folding.push(new MetricCells(active, compiled.value, sequences));
    this.#arrange();
    return ok(null);
  }

  bound({ valueLength = Infinity }: FoldSettings): void {
    if (valueLength === this.#valueLength) return;
    this.#valueLength = valueLength;
    this.#arrange();
  }

  retire(metric: string, version: number): void {
    const cells = this.#find(metric, version);
    if (cells === undefined) return;
    this.#folding = this.#folding.filter((other) => other !== cells);
    this.#retired.push(cells);
    this.#arrange();
  }

  markFilled(filled: Lacking): void {
    const cells = this.#find(filled.active.metric, filled.active.version);
    if (cells !== undefined) noteFilled(cells.active, filled);
  }

  /** Late events below an offset count for a version that is folded. */
  rebuild({ metric, version, ...asked }: Version & { request: number; below: number }, caps: FillCaps): void {
    const cells = this.#find(metric, version);
    if (cells !== undefined) noteRebuild(cells.active, asked, caps);
  }

  /** Events were imported: all versions have some from now on. */
  noteImports(caps: FillCaps): void {
    for (const { active } of this.#folding) noteAdded(active, caps);
  }

  /** Metrics that may count events of this name. */
  of(event: string): readonly MetricCells[] {
    return this.#byEvent.get(event) ?? this.#anyEvent;
  }

  /** Folds one event into every metric that counts it, but for an imported one, and counts what became of it; returns how many metrics looked at it. */
  fold(event: DecodedEvent, row: ArchiveRow, caps: PaneCaps, counters: PartitionCounters): number {
    if (row.imported) {
      counters.imported = (counters.imported ?? 0) + 1;
      return 0;
    }
    let late = false;
    const metrics = this.of(event.event);
    for (const cells of metrics) {
      const result = cells.fold(event, row, row.watermark, caps);
      if (result === 'late') late = true;
      else if (result === 'skipped') counters.skipped++;
    }
    if (late) counters.late++;
    return metrics.length;
  }

  /** Events that were late, and whose group found no place, by metric, since this owner began. */
  counts(): { metric: string; late: number; overflowed: number }[] {
    return this.all().map(({ active, late, overflowed }) => ({ metric: active.metric, late, overflowed }));
  }

  all(): readonly MetricCells[] {
    return this.#retired.length === 0 ? this.#folding : [...this.#folding, ...this.#retired];
  }

  list(): ActiveMetric[] {
    return this.#folding.map((cells) => cells.active);
  }

  /** Yields where other work may run. */
  *closeBlock(next: number, received: number | null): Generator<undefined, void, unknown> {
    for (const cells of this.#folding) if (cells.closeBlock(next, received) > 0) yield;
  }

  *evicting(watermark: number | null): Generator<undefined, void, unknown> {
    for (const cells of this.all()) {
      while (cells.evict(watermark, EVICTED_A_STEP) === EVICTED_A_STEP) yield;
      if (cells.sequences !== null) yield* cells.sequences.sweeping(watermark);
    }
  }

  /** Bytes of all states in memory, about. */
  get bytes(): number {
    return this.all().reduce((sum, cells) => sum + cells.bytes, 0);
  }

  /** Reads the cells back that the Store alone has and that these events need. */
  *warm(events: readonly DecodedEvent[], watermark: number | null): Generator<ColdRead, void, FoldAnswer> {
    const reads: ColdRead[] = [];
    for (const cells of this.#folding) cells.missing(events, watermark, reads);
    for (const read of reads) {
      const rows = yield read;
      if (rows === undefined) throw new Error(`A cold pane of ${read.metric} was not read.`);
      read.cells.warm(read, rows as readonly PaneRow[]);
    }
  }

  /** Drops states that the Store has until about `most` bytes are left: first those far from the watermark. */
  cool(watermark: number | null, most: number): void {
    for (const near of [NEAR, 0]) {
      if (this.bytes <= most) return;
      for (const cells of this.all()) cells.cool(watermark, near);
    }
  }

  /** After a commit: removes clean cells from the lists, and retired metrics that have nothing left to store. */
  dropClean(): void {
    for (const cells of this.all()) cells.dropClean();
    this.#retired = this.#retired.filter((cells) => cells.dirty.length > 0 || cells.changed.length > 0);
  }

  #find(metric: string, version: number): MetricCells | undefined {
    return this.#folding.find((c) => c.active.metric === metric && c.active.version === version);
  }

  #arrange(): void {
    const paths = [...new Set(this.#folding.flatMap((cells) => cells.compiled.paths))];
    this.wanted = wantedOf(paths);
    const keys = new Map<string, GroupKeys>();
    for (const cells of this.#folding) cells.place(paths, this.#valueLength, keys);
    const named = new Set(this.#folding.flatMap((cells) => cells.compiled.metric.events ?? []));
    const counting = (event: string) =>
      this.#folding.filter((cells) => isNamed(cells.compiled.metric, event));
    this.#byEvent = new Map([...named].map((event) => [event, counting(event)]));
    this.#anyEvent = this.#folding.filter((cells) => cells.compiled.metric.events === null);
  }
}
