import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { follow } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const WINDOW = 10_000;

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
  const definition = { event: 'hit', aggregate: 'rate', window: '10s', pane: '1s' };
  const { version } = await gateway.define('hits', definition);
  await gateway.facts(NOW + 3_000);
  await gateway.cells('hits', version, [
    { pane: NOW - 4_000, group: [], count: 50, next: 1 },
    { pane: NOW + 1_000, group: [], count: 30, next: 1 },
  ]);
});
afterEach(() => gateway.close());

const series = async () => {
  const answer = await fetch(`${gateway.url}/v1/metrics/hits/series?range=20s`);
  return (await answer.json()) as { panes: number[]; open: number[]; series: { values: number[] }[] };
};

it('of an open window goes by what has passed of it, live and asked for alike, until it is closed', async () => {
  const followed = follow(gateway.connect());
  const reply = await followed.subscribe({ request: { metric: 'hits', range: '20s' } });
  if (!reply.ok) throw new Error(reply.error.message);
  const shown = () => [...followed.contents.get(reply.info.view)!.series.values()][0]?.cells.get(NOW)?.[0];
  const passed = [
    [3_000, 10],
    [4_000, 7.5],
    [8_500, 30 / 8.5],
    [10_000, 3],
    [12_000, 3],
  ] as const;
  for (const [ms, rate] of passed) {
    await gateway.facts(NOW + ms);
    await vi.waitFor(() => expect(shown()).toBe(rate));
    const { panes, open, series: found } = await series();
    expect(found[0]!.values[panes.indexOf(NOW)]).toBe(rate);
    expect(open.includes(NOW)).toBe(ms < WINDOW);
    // A closed window keeps its value.
    if (panes.includes(NOW - WINDOW)) expect(found[0]!.values[panes.indexOf(NOW - WINDOW)]).toBe(5);
  }
});

it('is of a second at least, and of the whole window once that is closed, however late the clock is', async () => {
  await gateway.facts(NOW + 100, { shown: NOW });
  expect((await series()).series[0]!.values.at(-1)).toBe(10);
  await gateway.facts(NOW + 3_000, { shown: NOW + WINDOW });
  await vi.waitFor(async () => expect((await series()).series[0]!.values.at(-1)).toBe(3));
});
