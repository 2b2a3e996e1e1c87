import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { finish } from '../steps.ts';
import { definition, metric, VERSION, viewOf } from '../testing/hub-world.ts';
import { ViewHub } from '../view-hub.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of heap that something takes which is kept. */
function heapOf<T>(make: () => T): { kept: T; bytes: number } {
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = make();
  collect();
  return { kept, bytes: process.memoryUsage().heapUsed - before };
}

const GROUPS = 300;
const PANES = 100;

const at = 1_000_000_000;

/** A hub of one partition; `reached`: up to where its events are counted, epoch ms. */
function createHub(reached: number | null): ViewHub {
  const ends = new Map([[0, 0]]);
  const hub = new ViewHub({ offset: 0, ends, commits: [], cells: 1e9, idOf: (text) => text });
  const facts = { partition: 0, next: 0, committed: 0, watermark: reached, asOf: at, shown: reached };
  hub.apply(0, { kind: 'facts', partitions: [facts] });
  return hub;
}

function fillHub(): ViewHub {
  const hub = createHub(null);
  hub.open(viewOf({ range: `${PANES}s`, window: '1s' }), VERSION, definition);
  for (const read of hub.drainReads()) hub.finishRead(read, []);
  for (let pane = 0; pane < PANES; pane++) {
    const cells = Array.from({ length: GROUPS }, (_, group) => ({
      pane: at - pane * metric.pane,
      group: [`country-${group}`, 'pro'],
      part: '0',
      state: { nums: [], keys: [], counts: [1] },
      next: 1,
    }));
    hub.apply(1 + pane, { kind: 'cells', metric: metric.id, version: VERSION, received: null, cells });
  }
  for (const view of hub.views) finish(view.snapshot());
  return hub;
}

it('estimates the heap that states and views take, within a factor of two', () => {
  const { kept: hub, bytes } = heapOf(fillHub);
  const counted = hub.bytes() + [...hub.views].reduce((sum, view) => sum + view.bytes, 0);
  expect([...hub.views][0]!.cells).toBe(GROUPS * PANES);
  expect(counted / bytes).toBeGreaterThan(0.7);
  expect(counted / bytes).toBeLessThan(2);
});

const WINDOWS = 20_000;

/** A view of one group over windows that are all over. */
function fillWindows(): ViewHub {
  const hub = createHub(at);
  hub.open(viewOf({ range: `${WINDOWS}s`, window: '1s', groupBy: [] }), VERSION, definition);
  const state = { nums: [], keys: [], counts: [1] };
  for (const read of hub.drainReads()) {
    const rows = Array.from({ length: WINDOWS }, (_, i) => ({
      ...{ window: at - (i + 10) * metric.pane, group: [], other: false, filled: false, state },
    }));
    hub.finishRead(read, read.kind === 'windows' ? rows : []);
  }
  return hub;
}

it('the same of windows that are over, some 500 bytes each with the only group in it', () => {
  const { kept: hub, bytes } = heapOf(fillWindows);
  const [view] = hub.views;
  expect(view!.cells).toBeGreaterThan(WINDOWS - 20);
  expect(view!.bytes / bytes).toBeGreaterThan(0.7);
  expect(view!.bytes / bytes).toBeLessThan(2);
  expect(bytes / WINDOWS).toBeLessThan(600);
});
