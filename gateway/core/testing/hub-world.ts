import { aggregateOf } from '#aggregates/registry.ts';
import { type CommitRow, isFilledIn, type PaneRow, type WindowRow } from '#contracts/log/rows.ts';
import type { Update } from '#contracts/log/update.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { State } from '#contracts/metric/state.ts';
import { minKnown } from '#contracts/min-known.ts';
import type { Zone } from '#contracts/time/zone.ts';
import { apply, emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import { resolveView } from '#contracts/view/resolve-view.ts';
import type { View } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { startsHolding } from '#contracts/view/windows.ts';
import type { ReadRequest, WindowsRead } from '../metric-views.ts';
import { finish } from '../steps.ts';
import type { OpenView } from '../view/live-view.ts';
import { createProjection } from '../view/view-series.ts';
import { ViewHub } from '../view-hub.ts';

/** A log of updates, a Store and aggregators as tests want them: every step happens when the test says so. */
export const PARTITIONS = 2;
export const VERSION = 7;
export const START = 1_000_000;

export const metric: Metric = (() => {
  const read = parseMetric(
    'orders',
    { event: 'order', aggregate: 'count', groupBy: ['country', 'plan'], window: '2s', lateness: '4s' },
    { checkAggregate: (call) => ({ ok: true, value: call }), horizon: 3_600_000 },
  );
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
})();

export const definition = { metric, aggregate: aggregateOf(metric.aggregate) };

/** A zone whose clocks are changed every few seconds, so that its hours are short. */
const CHANGES = Array.from({ length: 40 }, (_, i) => START + 3_000 * i + (i % 3) * 1_000);
export const RESTLESS: Zone = {
  name: 'Test/Restless',
  changes: CHANGES,
  offsets: [0, ...CHANGES.map((_, i) => (i % 2 === 0 ? 3_600_000 : 0))],
};

export function viewOf(request: Partial<ViewRequest>): View {
  const outputs = definition.aggregate.outputs(metric.aggregate);
  const zoneOf = (name: string) => (name === RESTLESS.name ? RESTLESS : null);
  const view = resolveView({ metric: metric.id, range: '8s', ...request }, metric, { zoneOf, outputs });
  if (!view.ok) throw new Error(view.fault.message);
  return view.value;
}

export class World {
  readonly #Hub: typeof ViewHub;
  clock = START;
  readonly updates: Update[] = [];
  readonly cells = new Map<string, PaneRow>();
  readonly stored = new Map<string, PaneRow>();
  readonly next = Array.from({ length: PARTITIONS }, () => 0);
  readonly committed = Array.from({ length: PARTITIONS }, () => 0);
  #unpublished = new Map<string, PaneRow>();

  /** `Hub`: the real one, or a weakened copy. */
  constructor(Hub = ViewHub) {
    this.#Hub = Hub;
  }

  /** An event is folded: `age` in whole panes before the clock, negative for the future. */
  fold(partition: number, age: number, group: string[]): void {
    const pane = floorTo(this.clock, metric.pane) - age * metric.pane;
    const key = JSON.stringify([partition, pane, group]);
    const count = (this.cells.get(key)?.state.counts[0] ?? 0) + 1;
    const next = ++this.next[partition]!;
    const row: PaneRow = {
      metric: metric.id,
      version: VERSION,
      pane,
      group,
      part: String(partition),
      state: { nums: [], keys: [], counts: [count] },
      next,
    };
    this.cells.set(key, row);
    this.#unpublished.set(key, row);
  }

  publish(): void {
    const cells = [...this.#unpublished.values()];
    this.#unpublished = new Map();
    if (cells.length > 0)
      this.updates.push({ kind: 'cells', metric: metric.id, version: VERSION, received: this.clock, cells });
  }

  /** Published first, then stored, then committed. */
  commit(partition: number): void {
    this.publish();
    for (const [key, row] of this.cells) if (row.part === String(partition)) this.stored.set(key, row);
    this.committed[partition] = this.next[partition]!;
  }

  publishFacts(): void {
    const partitions = this.next.map((next, partition) => ({
      partition,
      next,
      committed: this.committed[partition]!,
      watermark: this.clock - 1_000,
      asOf: this.clock,
      shown: this.clock - 500,
    }));
    this.updates.push({ kind: 'facts', partitions });
  }

  commits(): CommitRow[] {
    const facts = { active: [] } as unknown as CommitRow['facts'];
    return this.committed.map((next, part) => ({
      part,
      next,
      identity: 'log',
      facts: { ...facts, watermark: null },
    }));
  }

  read(request: ReadRequest): (PaneRow | WindowRow)[] {
    const rows = [...this.stored.values()].filter((r) => r.pane >= request.from && r.pane < request.to);
    return request.kind === 'panes' ? rows : mergeCounts(rows, request);
  }

  join(cells = 1_000_000): Gateway {
    const ends = new Map(this.next.map((end, partition) => [partition, end]));
    return new Gateway(
      this,
      new this.#Hub({
        offset: this.updates.length,
        ends,
        commits: this.commits(),
        cells,
        idOf: (text) => text,
        rankEvery: 0,
        pace: { stride: 1, few: 0, block: 2, ahead: 2 },
      }),
    );
  }
}

/** What the Store merges of counts for a view. */
function mergeCounts(
  rows: readonly PaneRow[],
  { view: { request, source }, windows, first, last, target }: WindowsRead,
): WindowRow[] {
  const all = createProjection(source.metric, { ...request, top: null });
  const { matches, hides, project } = target === 'ranking' ? all : source.projection;
  const merged = new Map<string, WindowRow>();
  for (const { pane, group: full, part, state } of rows) {
    const isOther = hides(full);
    const group = matches(full) ? project(full) : null;
    if (group === null && !isOther) continue;
    for (const window of startsHolding(windows, pane)) {
      if (window < first || window > last) continue;
      const key = JSON.stringify([window, group]);
      const row = merged.get(key) ?? { window, group, other: false, filled: false, state: { ...NONE } };
      row.other ||= isOther;
      row.filled ||= isFilledIn(part);
      row.state = { ...NONE, counts: [(row.state.counts[0] ?? 0) + state.counts[0]!] };
      merged.set(key, row);
    }
  }
  return [...merged.values()];
}

/** Returns the first pane of some rows; null for none. */
export function firstOf(rows: ReadonlyMap<string, PaneRow>): number | null {
  return [...rows.values()].reduce<number | null>((first, { pane }) => minKnown(first, pane), null);
}

const NONE: State = { nums: [], keys: [], counts: [] };

/** One gateway and the reads it has begun: their rows are those of the moment they began. */
export class Gateway {
  readonly world: World;
  readonly hub: ViewHub;
  readonly #reading: { request: ReadRequest; rows: (PaneRow | WindowRow)[] }[] = [];

  constructor(world: World, hub: ViewHub) {
    this.world = world;
    this.hub = hub;
  }

  step(): boolean {
    const update = this.world.updates[this.hub.offset];
    if (update === undefined) return false;
    this.hub.apply(this.hub.offset, update);
    return true;
  }

  beginReads(): void {
    for (const request of this.hub.drainReads())
      this.#reading.push({ request, rows: this.world.read(request) });
  }

  finishRead(): boolean {
    const read = this.#reading.shift();
    if (read === undefined) return false;
    if (this.hub.lacksBegin(read.request))
      this.hub.noteBegin(read.request, { first: firstOf(this.world.stored), archive: null });
    this.hub.finishRead(read.request, read.rows);
    return true;
  }

  /** Applies everything there is and lets every read end. */
  runToIdle(): void {
    for (;;) {
      this.beginReads();
      const moved = this.step() || this.finishRead();
      if (!moved) return;
    }
  }
}

/** A metric as a hub opens views of it. */
type Opened = Parameters<ViewHub['open']>[2];

/** A client of one view: it may miss frames, move to another gateway and resume. */
export class Watcher {
  readonly request: View;
  readonly metric: Opened;
  gateway: Gateway;
  contents: ViewContents = emptyContents();
  view: OpenView;

  constructor(gateway: Gateway, request: View, metric: Opened = definition) {
    this.gateway = gateway;
    this.request = request;
    this.metric = metric;
    this.view = gateway.hub.open(request, VERSION, metric);
  }

  move(gateway: Gateway): void {
    this.gateway = gateway;
    this.view = gateway.hub.open(this.request, VERSION, this.metric);
    this.#computing = null;
    this.resumed = false;
  }

  resumed = false;
  #computing: Generator<undefined, void, undefined> | null = null;

  /** Some steps of computing its contents ahead; others do theirs between them. */
  compute(steps: number): void {
    for (let i = 0; i < steps; i++) {
      this.#computing ??= this.view.compute();
      if (this.#computing.next().done) this.#computing = null;
    }
  }

  /** Asks for what changed since the cursor; false while the gateway cannot answer. */
  pull(): boolean {
    const { hub } = this.gateway;
    if (!hub.isReady(this.view)) return false;
    const cursor = this.contents.cursor ?? { epoch: '', offset: -1 };
    if (cursor.offset > hub.offset || (this.resumed && cursor.offset === hub.offset)) return false;
    const change = finish(
      this.resumed ? hub.since(this.view, cursor.offset) : hub.resume(this.view, cursor, 'log'),
    );
    const frame = { epoch: hub.epoch('log'), from: cursor.offset, to: hub.offset, views: [change] };
    if (apply(this.contents, frame, change) !== 'applied')
      throw new Error('a frame that follows was not applied');
    this.resumed = true;
    return true;
  }
}
