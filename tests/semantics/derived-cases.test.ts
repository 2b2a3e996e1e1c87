import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import { startGateway, type TestGateway } from '#gateway/testing/start-gateway.ts';

/*
 * What a person expects of metrics that are computed from others, with expected values that were worked out by hand. Stored panes
 * are answered over HTTP; the numbers are those of the list that the cases come from.
 */

/** On the hour, in UTC. */
const NOW = Date.UTC(2026, 10, 23, 16);

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.close());

/** When something was counted, and how often. */
type Counts = Record<number, number>;

async function count(metric: string, counts: Counts): Promise<void> {
  const definition = { event: metric, aggregate: 'count', pane: '1s' };
  const { version } = await gateway.define(metric, definition);
  await gateway.store.insertPanes(
    Object.entries(counts).map(([pane, n]) => ({
      metric,
      version,
      pane: Number(pane),
      group: [],
      part: '0',
      state: { nums: [], keys: [], counts: [n] },
      next: 1,
    })),
  );
}

async function known(expression: string): Promise<void> {
  await gateway.define('derived', { expression });
  await gateway.facts(NOW, { next: 1, committed: 1, watermark: NOW });
  await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), { timeout: 10_000 });
}

async function ask(query: Record<string, string>): Promise<SeriesAnswer> {
  const answer = await fetch(`${gateway.url}/v1/metrics/derived/series?${new URLSearchParams(query)}`);
  const body = await answer.text();
  if (!answer.ok) throw new Error(body);
  return JSON.parse(body) as SeriesAnswer;
}
const valuesOf = ({ series }: Pick<SeriesAnswer, 'series'>) => series[0]!.values;

describe('a quotient', () => {
  it('case 17: is one of the whole window, and none where nothing is divided by', async () => {
    const start = NOW - 10 * SECOND;
    await count('errors', { [start]: 1 });
    await count('requests', { [start]: 1, [start + SECOND]: 99 });
    await known('errors / requests * 100');
    const range = { from: String(start), to: String(NOW) };
    expect(valuesOf(await ask({ ...range, window: 'whole' }))).toEqual([1]);
    expect(valuesOf(await ask({ ...range, window: '10s' }))).toEqual([1]);
    expect(valuesOf(await ask({ ...range, window: '2s' }))).toEqual([1, null, null, null, null]);
    expect(valuesOf(await ask({ ...range, window: '{"size":"4s","every":"2s"}' }))).toEqual([
      1,
      null,
      null,
      null,
      null,
    ]);
    expect(valuesOf(await ask({ ...range, window: '1s' }))).toEqual([100, 0, ...Array(8).fill(null)]);
    const day = { window: '{"calendar":"day"}', range: '{"this":"day"}' };
    expect(valuesOf(await ask(day))).toEqual([1]);
    const { series, begins } = await ask({ range: '20s', window: '10s' });
    expect([series[0]!.values, begins]).toEqual([[1, null], start]);
  });

  it('is 0 where what is divided is counted, and nothing happened since its history begins', async () => {
    await count('errors', { [NOW - HOUR]: 1 });
    await count('requests', { [NOW - HOUR]: 10, [NOW - MINUTE]: 5 });
    await known('errors / requests');
    expect(valuesOf(await ask({ range: '2m', window: '1m' }))).toEqual([0, null]);
  });
});

describe('the same of an earlier window', () => {
  it('case 16: against 0 it is a number, and before history begins it is none', async () => {
    await count('orders', { [NOW - HOUR]: 2, [NOW - 10 * SECOND]: 5 });
    await known('orders - previous(orders, 1m)');
    const whole = { from: String(NOW - MINUTE), to: String(NOW), window: 'whole' };
    expect(valuesOf(await ask(whole))).toEqual([5]);
    await known('(orders - previous(orders, 1m)) / previous(orders, 1m) * 100');
    expect(valuesOf(await ask(whole))).toEqual([null]);
    await known('orders - previous(orders, 2h)');
    expect(valuesOf(await ask(whole))).toEqual([null]);
    await known('orders - coalesce(previous(orders, 2h), 0)');
    expect(valuesOf(await ask(whole))).toEqual([5]);
    await known('orders - previous(orders, 1m)');
    const compared = await ask({ ...whole, compare: '59m' });
    expect([valuesOf(compared), valuesOf(compared.compare!)]).toEqual([[5], [null]]);
    expect(valuesOf((await ask({ ...whole, compare: '58m' })).compare!)).toEqual([-2]);
  });
});
