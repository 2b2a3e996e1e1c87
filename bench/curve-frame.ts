import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import type { CellsUpdate } from '#contracts/log/update.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import type { Frame } from '#contracts/view/frame.ts';
import { resolveView } from '#contracts/view/resolve-view.ts';
import { finish } from '#gateway/core/steps.ts';
import { ViewHub } from '#gateway/core/view-hub.ts';
import { median, rounded } from './median-of.ts';

const VERSION = 1;
const START = 1_700_000_000_000;
const WINDOW = 1_000;
const WARM_UP = 3;

/**
 * What a gateway does for one frame of a view in which every group changed: apply the update, find the changes since
 * the last cursor, write them as JSON. Medians in ms, and the bytes of such a frame.
 */
export function measureFrame(groups: number, rounds: number) {
  const read = parseMetric(
    'sums',
    { event: 'checkout', aggregate: 'sum(amount)', groupBy: ['shelf'], window: '1s' },
    { checkAggregate, horizon: 3_600_000 },
  );
  if (!read.ok) throw new Error(read.fault.message);
  const metric = read.value;
  const request = resolveView({ metric: metric.id, range: '1m' }, metric, {
    zoneOf: () => null,
    outputs: ['value'],
  });
  if (!request.ok) throw new Error(request.fault.message);
  const hub = new ViewHub({
    offset: 0,
    ends: new Map([[0, 0]]),
    commits: [],
    cells: 4_000_000,
    idOf: (text) => text,
  });
  const view = hub.open(request.value, VERSION, { metric, aggregate: aggregateOf(metric.aggregate) });
  let next = 0;
  const tell = (): void => {
    const partition = { partition: 0, next, committed: next, watermark: START, asOf: START, shown: START };
    hub.apply(hub.offset, { kind: 'facts', partitions: [partition] });
    for (const wanted of hub.drainReads()) hub.finishRead(wanted, []);
  };
  tell();
  tell();
  if (!hub.isReady(view)) throw new Error('The view is not ready.');
  const times = { apply: [] as number[], frame: [] as number[] };
  let bytes = 0;
  for (let round = -WARM_UP; round < rounds * 3; round++) {
    const update = updateOf(groups, ++next);
    const cursor = hub.offset;
    const began = performance.now();
    hub.apply(hub.offset, update);
    const applied = performance.now();
    const frame: Frame = {
      epoch: 'log',
      from: cursor,
      to: hub.offset,
      views: [finish(hub.since(view, cursor))],
    };
    const text = JSON.stringify(frame);
    const ended = performance.now();
    if (frame.views[0]!.series.length !== groups)
      throw new Error(`${frame.views[0]!.series.length} of ${groups} groups are in the frame.`);
    bytes = text.length;
    if (round < 0) continue;
    times.apply.push(applied - began);
    times.frame.push(ended - applied);
  }
  return {
    applyMs: rounded(median(times.apply), 3),
    frameMs: rounded(median(times.frame), 3),
    frameBytes: bytes,
  };
}

function updateOf(groups: number, next: number): CellsUpdate {
  const cells = Array.from({ length: groups }, (_, g) => ({
    pane: START - (START % WINDOW),
    group: [`s_${g}`],
    part: '0',
    state: { nums: [g + next / 10], keys: [], counts: [] },
    next,
  }));
  return { kind: 'cells', metric: 'sums', version: VERSION, received: START, cells };
}
