import type { Client, ViewListener } from '#client/types.ts';
import type { Board } from '#contracts/board/board.ts';
import { createFakeClient } from '../../dashboard/testing/fake-client.ts';
import { createRandom, type FakeMetric } from '../../dashboard/testing/fake-data.ts';
import { SHAPES } from '../../dashboard/testing/fake-shapes.ts';
import type { Meter } from './page-meter.ts';
import { PANELS, POINTS, SERIES } from './page-shape.ts';

const COLUMNS = 4;
const METRIC = 'load';

/** Slow waves with noise; the open window moves with every tick, as it does when events come. */
const LOAD: FakeMetric = {
  unit: '',
  outputs: ['value'],
  empty: 'none',
  better: null,
  window: 1_000,
  groups: Array.from({ length: SERIES }, (_, g) => [`group-${g}`]),
  at(group, second) {
    const noise = createRandom(second * 31 + group)() - 0.5;
    const open = second === Math.floor(Date.now() / 1_000) ? Math.sin(Date.now() / 200) : 0;
    return [10 + group * 3 + 2 * Math.sin(second / 60 + group) + noise + open / 2];
  },
};

export const BOARD: Board = {
  id: 'bench',
  title: 'Bench',
  panels: Array.from({ length: PANELS }, (_, i) => ({
    id: `panel-${i}`,
    kind: 'line',
    title: `Panel ${i}`,
    place: { x: (i % COLUMNS) * 3, y: Math.floor(i / COLUMNS) * 3, w: 3, h: 3 },
    view: { metric: METRIC, window: '1s', range: `${POINTS}s` },
    outputs: [],
  })),
};

/** The seeded client, asked for windows of 1 s whatever the page would ask for, and metered. */
export function createMeteredClient(meter: Meter): Client {
  SHAPES[METRIC] = LOAD;
  const client = createFakeClient('live');
  return {
    ...client,
    subscribe: (_request, listener) =>
      client.subscribe({ metric: METRIC, window: '1s', range: `${POINTS}s` }, metered(listener, meter)),
  };
}

const metered = (listener: ViewListener, meter: Meter): ViewListener => ({
  ...listener,
  onChange(contents, change) {
    if (change !== null) meter.tick();
    listener.onChange(contents, change);
  },
});
