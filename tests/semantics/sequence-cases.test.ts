import { describe, expect, it } from 'vitest';
import { counters, type Sent, useMetrics } from './testing/folded-metric.ts';

/*
 * What a person expects of aggregates that look at several events of a key, with expected values that were worked out by hand. Every
 * case is folded by the core, in the order that is given, and by the SQL over its archive.
 */

const open = useMetrics();

describe('counters', () => {
  it('case 1: a counter that begins at 0 again has risen by all that it shows', async () => {
    const samples = counters([
      [0, 'k', 100],
      [15, 'k', 120],
      [30, 'k', 5],
      [45, 'k', 15],
    ]);
    for (const sent of [samples, samples.toReversed(), [2, 0, 3, 1].map((i) => samples[i]!)]) {
      const metric = await open({ aggregate: 'increase(n)', window: '1m' });
      metric.send(sent);
      expect(await metric.values()).toEqual({ 0: [35] });
    }
  });

  it('case 3: each key by itself, and a first sample counts nothing', async () => {
    const metric = await open({ aggregate: 'increase(n)', window: '1m', groupBy: 'env' });
    metric.send(
      counters([
        [0, 'pod1', 5, 'stage'],
        [0, 'pod2', 3, 'stage'],
        [0, 'pod1', 2, 'prod'],
        [0, 'pod2', 8, 'prod'],
        [15, 'pod2', 4, 'stage'],
        [15, 'pod3', 7, 'stage'],
        [15, 'pod1', 5, 'prod'],
        [15, 'pod2', 10, 'prod'],
      ]),
    );
    expect(await metric.values()).toEqual({ 'stage 0': [1], 'prod 0': [5] });
  });

  const five = counters([
    [0, 'k', 0],
    [15, 'k', 10],
    [30, 'k', 20],
    [45, 'k', 30],
    [60, 'k', 40],
  ]);

  it('case 4: nothing is extrapolated, and the windows add up to last − first', async () => {
    const metric = await open({ aggregate: 'increase(n)', window: '1m' });
    metric.send(five);
    expect(await metric.values()).toEqual({ 0: [30], 60: [10] });
    const rate = await open({ aggregate: 'counter_rate(n)', window: '1m' });
    rate.send(five);
    expect(await rate.values()).toEqual({ 0: [0.5], 60: [10 / 60] });
  });

  it.each([{ flushing: false }, { flushing: true }])(
    'case 4: the same with a kill between 20 and 30, $flushing',
    async (how) => {
      const metric = await open({ aggregate: 'increase(n)', window: '1m' });
      metric.send(five.slice(0, 2));
      await metric.flush();
      metric.send(five.slice(2, 3));
      await metric.kill(how);
      metric.send(five.slice(3));
      expect(await metric.values()).toEqual({ 0: [30], 60: [10] });
    },
  );

  it('case 27: what JSON cannot hold as a number is no value, and no error', async () => {
    const metric = await open({ aggregate: 'increase(n)', window: '1m' });
    metric.send([
      [0, 'k', { n: 1 }],
      [15, 'k', { n: 'NaN' }],
      [30, 'k', { n: null }],
      [45, 'k', { n: 4 }],
    ]);
    expect(await metric.values()).toEqual({ 0: [3] });
  });
});

describe('sessions', () => {
  const visits = (...times: number[]): Sent[] => times.map((at) => [at, 'k', {}]);

  it('case 13: an event joins two sessions, and what is swallowed has no value any more', async () => {
    const small = await open({ aggregate: 'sessions(30s)', window: '10s' });
    small.send(visits(0, 20, 60, 70));
    const nothing = [null, null, null, null];
    expect(await small.values()).toEqual({ 0: [1, 20, 2, 0], 20: nothing, 60: [1, 10, 2, 0], 70: nothing });
    small.send(visits(45));
    expect(await small.values()).toEqual({
      0: [1, 70, 5, 0],
      20: nothing,
      40: nothing,
      60: nothing,
      70: nothing,
    });
  });

  it.each([{ flushing: false }, { flushing: true }])(
    'case 13: the same with a kill before the event that joins them, $flushing',
    async (how) => {
      const metric = await open({ aggregate: 'sessions(30s)', window: '1m' });
      metric.send(visits(0, 20));
      await metric.flush();
      metric.send(visits(60, 70));
      await metric.kill(how);
      expect(await metric.values()).toEqual({ 0: [1, 20, 2, 0], 60: [1, 10, 2, 0] });
      metric.send(visits(45));
      await metric.kill(how);
      expect(await metric.values()).toEqual({ 0: [1, 70, 5, 0], 60: [null, null, null, null] });
    },
  );

  it('case 13: an event exactly a gap later is of the session, and none goes on past a multiple of the longest', async () => {
    const metric = await open({ aggregate: 'sessions(30s, 1m)', window: '1h' });
    metric.send([...visits(0, 30, 59, 60, 90.001), [10, 'other', {}]]);
    // 0 to 59, 60, 90.001, and that of the other.
    expect(await metric.values()).toEqual({ 0: [4, 59 / 4, 6 / 4, 3 / 4] });
  });
});

describe('gauges', () => {
  const gauge = (samples: readonly [number, number][], key = 'k') =>
    counters(samples.map(([at, n]) => [at, key, n]));
  const two = gauge([
    [0, 10],
    [50, 100],
  ]);

  it('case 24: a value counts for as long as it holds, also in a window without a sample', async () => {
    for (const sent of [two, two.toReversed()]) {
      const metric = await open({ aggregate: 'time_weighted(n)', window: '1m', pane: '5s' });
      metric.send(sent);
      // 10 for 50 s and 100 for 10 s; then 100 until 5 minutes after the last sample.
      expect(await metric.values()).toEqual({
        0: [25],
        60: [100],
        120: [100],
        180: [100],
        240: [100],
        300: [100],
      });
      const plain = await open({ aggregate: 'avg(n)', window: '1m' });
      plain.send(sent);
      expect(await plain.values()).toEqual({ 0: [55] });
    }
  });

  it('case 24: the same with a kill between the samples, and a sample between them that comes last', async () => {
    for (const how of [{ flushing: false }, { flushing: true }]) {
      const metric = await open({ aggregate: 'time_weighted(n, 70s)', window: '1m' });
      metric.send(two.slice(0, 1));
      await metric.flush();
      metric.send(two.slice(1));
      await metric.kill(how);
      expect(await metric.values()).toEqual({ 0: [25], 60: [100] });
      metric.send(gauge([[25, 40]]));
      await metric.kill(how);
      expect(await metric.values()).toEqual({ 0: [(25 * 10 + 25 * 40 + 10 * 100) / 60], 60: [100] });
    }
  });

  it('case 24: a value holds no longer than is said, each key by itself, and below 0 too', async () => {
    const metric = await open({ aggregate: 'time_weighted(n, 20s)', window: '1m' });
    metric.send([
      ...gauge([
        [0, 10],
        [50, -100],
        [55, 0],
      ]),
      ...gauge([[30, 7]], 'other'),
    ]);
    expect(await metric.values()).toEqual({ 0: [(20 * 10 - 5 * 100 + 5 * 0 + 20 * 7) / 50], 60: [0] });
  });
});
