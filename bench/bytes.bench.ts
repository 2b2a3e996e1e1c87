/**
 * Bytes of a change on the wire: the gateway's frames beside a whole snapshot at each of the same moments. The real hub
 * and encoder without a network: sizes do not depend on the machine.
 * `node bench/bytes.bench.ts` writes results/bytes.json.
 */

import { aggregateOf } from '#aggregates/registry.ts';
import type { CellsUpdate } from '#contracts/log/update.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import { resolveView } from '#contracts/view/resolve-view.ts';
import { finish } from '#gateway/core/steps.ts';
import { ViewHub } from '#gateway/core/view-hub.ts';
import { encodeMessage } from '#gateway/sockets/socket-server.ts';
import { median, rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const WINDOW = 10_000;
const WINDOWS = 90;
const SERIES = scaled([10, 100, 1_000], [10]);
const SHARES = [0.01, 0.1, 1];
const FRAMES = scaled(21, 1);
const VERSION = 1;
const END = 1_700_000_000_000;
const START = END - WINDOWS * WINDOW;
const IDENTITY = '018f6e2a-0000-4000-8000-000000000000';

const metric = given(
  parseMetric(
    'orders',
    { event: 'order', aggregate: 'count', groupBy: ['shop'], window: '10s', pane: '10s' },
    { checkAggregate: (call) => ({ ok: true, value: call }), horizon: 3_600_000 },
  ),
);
const request = given(
  resolveView({ metric: metric.id, range: `${WINDOWS * 10}s` }, metric, {
    zoneOf: () => null,
    outputs: ['value'],
  }),
);

function given<T>(read: { ok: true; value: T } | { ok: false; fault: { message: string } }): T {
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

/** Counts of four to five digits, as a busy shop's. */
const countOf = (series: number, tick: number): number =>
  5_000 + ((series * 7_919 + tick * 104_729) % 90_000);

function cellsOf(pane: number, series: readonly number[], tick: number): CellsUpdate {
  const cells = series.map((one) => ({
    pane,
    group: [`shop ${one}`],
    part: '0',
    state: { nums: [], keys: [], counts: [countOf(one, tick)] },
    next: tick,
  }));
  return { kind: 'cells', metric: metric.id, version: VERSION, received: END, cells };
}

/** A hub whose view is full: every series has a value in every window. */
function openHub(all: readonly number[]) {
  const hub = new ViewHub({
    offset: 0,
    ends: new Map([[0, 0]]),
    commits: [],
    cells: 1_000_000,
    idOf: (text) => text,
  });
  const progress = { partition: 0, next: 1, committed: 0, watermark: END, asOf: END - 1, shown: END };
  let tick = 0;
  const view = hub.open(request, VERSION, { metric, aggregate: aggregateOf(metric.aggregate) });
  const readAll = (): void => {
    for (const read of hub.drainReads()) hub.finishRead(read, []);
  };
  hub.apply(hub.offset, { kind: 'facts', partitions: [progress] });
  readAll();
  for (let pane = START; pane < END; pane += WINDOW) hub.apply(hub.offset, cellsOf(pane, all, ++tick));
  return {
    change: (series: readonly number[]) => hub.apply(hub.offset, cellsOf(END - WINDOW, series, ++tick)),
    offset: () => hub.offset,
    since: (cursor: number) => finish(hub.since(view, cursor)),
    bytesOf(from: number, change: FrameView): number {
      const frame = { epoch: IDENTITY, from, to: hub.offset, views: [change] };
      return encodeMessage('frame', frame).wire.length;
    },
  };
}

function measure(series: number, share: number) {
  const all = Array.from({ length: series }, (_, i) => i);
  const hub = openHub(all);
  const changed = Math.max(1, Math.round(series * share));
  const sizes: { frame: number; snapshot: number }[] = [];
  for (let i = 0; i < FRAMES; i++) {
    const cursor = hub.offset();
    // Spread over the series, other ones each time.
    hub.change(Array.from({ length: changed }, (_, n) => (Math.floor((n * series) / changed) + i) % series));
    const change = hub.since(cursor);
    const whole = hub.since(-1);
    if (change.at.length !== changed || whole.at.length !== series * WINDOWS) {
      throw new Error(`${change.at.length} cells of a frame and ${whole.at.length} of a snapshot`);
    }
    sizes.push({ frame: hub.bytesOf(cursor, change), snapshot: hub.bytesOf(cursor, whole) });
  }
  const frame = median(sizes.map((s) => s.frame));
  const snapshot = median(sizes.map((s) => s.snapshot));
  return {
    series,
    changedPercent: share * 100,
    changedCells: changed,
    frameBytes: frame,
    snapshotBytes: snapshot,
    bytesPerChange: rounded(frame / changed, 1),
    snapshotBytesPerChange: rounded(snapshot / changed, 1),
    frameToSnapshot: rounded(frame / snapshot, 5),
  };
}

await writeResult({
  name: 'bytes',
  what: 'bytes of a frame, WebSocket header included, beside those of a whole snapshot at the same moment',
  command: 'node bench/bytes.bench.ts',
  conditions: {
    windows: WINDOWS,
    values: 'counts of four to five digits, one output, one dimension',
    changed: 'that share of the cells of the newest window, others with each frame; at least one',
    frames: `median of ${FRAMES}`,
    compression: 'none: the gateway has perMessageDeflate off',
  },
  rows: SERIES.flatMap((series) => SHARES.map((share) => measure(series, share))),
});
