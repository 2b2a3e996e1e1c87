import { expect, it } from 'vitest';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { parseBoard } from '#contracts/board/board.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import { resolveView } from '#contracts/view/resolve-view.ts';
import { DEMO_BOARD } from './demo-board.ts';
import { DEMO_METRICS } from './demo-metrics.ts';

const metricOf = (id: string) => {
  const read = parseMetric(id, DEMO_METRICS[id], { checkAggregate, horizon: 3_600_000 });
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
};

it.each(Object.keys(DEMO_METRICS))('defines %s as the API takes it', (id) => {
  expect(metricOf(id).id).toBe(id);
});

it('has a board of panels that show these metrics and outputs that there are', () => {
  const board = parseBoard('storefront', DEMO_BOARD);
  if (!board.ok) throw new Error(board.fault.message);
  for (const { view, outputs } of board.value.panels) {
    if (view === null) continue;
    const metric = metricOf(view.metric);
    expect(resolveView(view, metric, { zoneOf: () => null, outputs: ['value'] })).toMatchObject({ ok: true });
    expect(aggregateOf(metric.aggregate).outputs(metric.aggregate)).toEqual(expect.arrayContaining(outputs));
  }
});

it('has panels that neither overlap nor leave a hole in the sheet', () => {
  const taken = new Set<string>();
  for (const { place } of DEMO_BOARD.panels as { place: { x: number; y: number; w: number; h: number } }[]) {
    for (let x = place.x; x < place.x + place.w; x++) {
      for (let y = place.y; y < place.y + place.h; y++) {
        expect(taken.has(`${x}/${y}`)).toBe(false);
        taken.add(`${x}/${y}`);
      }
    }
  }
  const rows = Math.max(...[...taken].map((place) => Number(place.split('/')[1]))) + 1;
  expect(taken.size).toBe(12 * rows);
});
