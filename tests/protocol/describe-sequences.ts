import { beforeAll, expect, it } from 'vitest';
import { type SeriesAnswer, total } from '../testing/series.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** Aggregates that look at several events of a key: PROTOCOL.md, "Sequences". */
export function describeSequences(context: ProtocolContext): void {
  const headers = { 'content-type': 'application/json' };
  let began = 0;
  beforeAll(() => {
    began = Math.floor((Date.now() - 60_000) / 10_000) * 10_000;
    // No session goes on past midnight.
    if (began % 86_400_000 > 86_400_000 - 60_000) began -= 60_000;
  });
  const nameOf = (id: string): string => `${context.subject.metric}-${id}`;
  const define = (id: string, aggregate: string, groupBy: string[] = []): Promise<Response> => {
    const body = JSON.stringify({ event: context.subject.event, aggregate, groupBy, lateness: '10m' });
    return context.subject.ask(`/v1/metrics/${nameOf(id)}`, { method: 'PUT', headers, body });
  };
  /** When a sample was taken, in seconds, of which counter, and what it shows. */
  const post = async (samples: readonly [at: number, key: string | null, n: unknown, env?: string][]) => {
    const events = samples.map(([at, key, n, env = 'prod']) => ({
      event: context.subject.event,
      timestamp: began + at * 1_000,
      ...(key === null ? {} : { key }),
      properties: { n, env },
    }));
    const answer = await context.subject.ask('/v1/events', {
      method: 'POST',
      headers,
      body: JSON.stringify(events),
    });
    expect(await answer.json()).toMatchObject({ accepted: samples.length, rejected: 0 });
  };
  const read = async (id: string, query: Record<string, string>): Promise<SeriesAnswer> => {
    const params = new URLSearchParams({ range: '10m', ...query });
    const answer = await context.subject.ask(`/v1/metrics/${nameOf(id)}/series?${params}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return (await answer.json()) as SeriesAnswer;
  };
  const whole = async (id: string): Promise<number> =>
    total(await read(id, { window: 'whole', groupBy: '' }));

  it('adds up what counters rise by, in any order, and corrects what it has shown', async () => {
    expect((await define('live', 'increase(n)', ['env'])).status).toBe(201);
    await post([
      [0, 'a', 100],
      [30, 'a', 15],
      [0, 'b', 7, 'stage'],
      [5, null, 1_000],
      [5, 'a', 'text'],
    ]);
    // From 100 to 15: it began at 0 again.
    await until(async () => expect(await whole('live')).toBe(15));
    await post([
      [20, 'a', 5],
      [10, 'a', 120],
      [10, 'b', 8, 'stage'],
    ]);
    await until(async () => expect(await whole('live')).toBe(20 + 5 + 10 + 1));
    const { series, panes } = await read('live', { window: '10s' });
    const of = (env: string): (number | null)[] =>
      [0, 10, 20, 30].map(
        (at) => series.find(({ group }) => group.env === env)!.values[panes.indexOf(began + at * 1_000)]!,
      );
    expect([of('prod'), of('stage')]).toEqual([
      [0, 20, 5, 10],
      [0, 1, 0, 0],
    ]);
  });

  it('goes on from what was there before a metric, without losing or doubling what lies between', async () => {
    expect((await define('later', 'increase(n)')).status).toBe(201);
    await until(async () => expect(await whole('later')).toBe(36));
    await post([
      [35, 'a', 18],
      [15, 'a', 130],
    ]);
    await until(async () => expect([await whole('later'), await whole('live')]).toEqual([49, 49]));
  });

  it('gives the same per second, and remembers samples as long as is said', async () => {
    expect((await define('rate', 'counter_rate(n, 600s)')).status).toBe(201);
    const answer = await context.subject.ask(`/v1/metrics/${nameOf('rate')}`);
    expect(await answer.json()).toMatchObject({ aggregate: 'counter_rate(n, 10m)' });
    await until(async () => {
      const { series, panes } = await read('rate', { window: '10s', groupBy: '' });
      expect(series[0]!.values[panes.indexOf(began + 10_000)]).toBeCloseTo((20 + 10 + 1) / 10);
    });
    expect((await define('short', 'increase(n, 7s)')).status).toBe(201);
    await until(async () => expect(await whole('short')).toBe(10 + 5 + 3));
  });

  it('counts visits of each key, and joins what it has shown as two', async () => {
    expect((await define('visits', 'sessions(5s)')).status).toBe(201);
    const wanted = async (...values: (number | null)[]) =>
      until(async () => {
        const { series } = await read('visits', { window: 'whole', groupBy: '' });
        expect(series.map(({ output }) => output)).toEqual(['sessions', 'duration', 'events', 'bounce']);
        expect(series.map((one) => one.values[0])).toEqual(values);
      });
    // Of a from 0 to 20 and from 30 to 35, whatever its events hold; of b at 0 and at 10.
    await wanted(4, (20 + 5) / 4, (5 + 2 + 1 + 1) / 4, 2 / 4);
    await post([[25, 'a', 'text']]);
    await wanted(3, 35 / 3, (8 + 1 + 1) / 3, 2 / 3);
    const rebuild = await context.subject.ask(`/v1/metrics/${nameOf('visits')}/rebuild`, { method: 'POST' });
    expect([rebuild.status, await rebuild.json()]).toMatchObject([409, { code: 'not_rebuildable' }]);
  });

  it('weighs the values of gauges by how long they hold', async () => {
    expect((await define('held', 'time_weighted(n, 10s)', ['env'])).status).toBe(201);
    const answer = await context.subject.ask(`/v1/metrics/${nameOf('held')}`);
    expect(await answer.json()).toMatchObject({ aggregate: 'time_weighted(n, 10s)', pane: '1s' });
    await post([
      [0, 'g', 100, 'gauge'],
      [4, 'g', 50, 'gauge'],
    ]);
    await until(async () => {
      const { series, panes } = await read('held', { window: '10s' });
      const { values } = series.find(({ group }) => group.env === 'gauge')!;
      const at = [0, 10, 20].map((s) => values[panes.indexOf(began + s * 1_000)]);
      // The next window carries what was told last, for 4 s; then nothing holds.
      expect(at).toEqual([(4 * 100 + 6 * 50) / 10, 50, null]);
    });
  });

  it('counts how far keys come in a funnel, and corrects it when a step arrives that was before', async () => {
    expect((await define('way', 'funnel(60s, n = 2001, n = 2002, n = 2003)')).status).toBe(201);
    const come = async (): Promise<Record<string, number | null>> => {
      const { series } = await read('way', { window: 'whole', groupBy: '' });
      return Object.fromEntries(series.map(({ output, values }) => [output, values[0] ?? null]));
    };
    await post([
      [0, 'ann', 2_001],
      [2, 'bob', 2_001],
      [40, 'ann', 2_003],
      [41, null, 2_002],
    ]);
    await until(async () => expect(await come()).toEqual({ step1: 2, step2: 0, step3: 0, duration: null }));
    await post([[20, 'ann', 2_002]]);
    await until(async () => expect(await come()).toEqual({ step1: 2, step2: 1, step3: 1, duration: 40 }));
    await post([[10, 'ann', 2_001]]);
    await until(async () => expect(await come()).toEqual({ step1: 2, step2: 1, step3: 1, duration: 30 }));
  });

  it('refuses what it cannot count', async () => {
    for (const [aggregate, code, field = 'aggregate'] of [
      ['increase', 'invalid_definition'],
      ['increase(n, 1h, 2h)', 'invalid_definition'],
      ['counter_rate(n, 0.5)', 'invalid_definition'],
      ['increase(n, 2d)', 'out_of_range'],
      ['sessions', 'invalid_definition'],
      ['sessions(n)', 'invalid_definition'],
      ['sessions(2h, 1h)', 'out_of_range'],
      ['sessions(30m, 2d)', 'out_of_range'],
      ['time_weighted(n, 2d)', 'out_of_range'],
      ['time_weighted(n, 1h)', 'out_of_range', 'pane'],
      ['topK(n, 5)', 'unknown_aggregate'],
      ['topk(n, 21)', 'invalid_definition'],
      ['funnel(60s, n = 1)', 'invalid_definition'],
      ['funnel(2d, n = 1, n = 2)', 'out_of_range'],
    ]) {
      const answer = await define('bad', aggregate!);
      expect([aggregate, answer.status]).toEqual([aggregate, 400]);
      expect(await answer.json()).toMatchObject({ code, field });
    }
    const rebuild = await context.subject.ask(`/v1/metrics/${nameOf('live')}/rebuild`, { method: 'POST' });
    expect([rebuild.status, await rebuild.json()]).toMatchObject([409, { code: 'not_rebuildable' }]);
  });

  it('is gone with its metrics', async () => {
    for (const id of ['live', 'later', 'rate', 'short', 'visits', 'held', 'way']) {
      const answer = await context.subject.ask(`/v1/metrics/${nameOf(id)}`, { method: 'DELETE' });
      expect(answer.ok).toBe(true);
    }
  });
}
