import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileActive } from '#aggregates/judge/compile-metric.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import { HEADER } from '#contracts/log/block.ts';
import { encodeControl } from '#contracts/log/control.ts';
import type { PaneRow } from '#contracts/log/rows.ts';
import { openChdbConnection } from '#platform/store/connection/chdb-connection.ts';
import { createClickHouseStore } from '#platform/store/sql/clickhouse-store.ts';
import type { Store } from '#platform/store/store.ts';
import { Partition } from '../../aggregator/core/partition.ts';
import { restorePartition } from '../../aggregator/core/restore/restore-partition.ts';

/*
 * What a person expects of aggregates that look at several events of a key, with expected values that were worked out by hand. Every
 * case is folded by the core, in the order that is given, and by the SQL over its archive.
 */

const T0 = Date.UTC(2026, 10, 23, 16);
const ID_KEY = { k0: 1, k1: 2 };

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-sequences-'));
  const connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 1 });
  store = createClickHouseStore(connection, { aggregateOf });
  await store.migrate();
});
afterAll(async () => {
  await store?.close();
  await rm(folder, { recursive: true, force: true });
});

/** When an event happened, in seconds, its key and its properties. */
type Sent = readonly [at: number, key: string, properties: Record<string, unknown>];
type Definition = { aggregate: string; groupBy?: string; window?: string; pane?: string };

/** Each case has a partition of its own, so that no case sees the events of another. */
let partition = 0;

/** An owner of a partition in which a metric is defined. */
async function open(definition: Definition) {
  const own = ++partition;
  const whole = { event: 'e', pane: '1s', ...definition };
  const blocks: { headers: Record<string, string>; value: Buffer }[] = [];
  const restore = async (): Promise<Partition> => {
    const steps = restorePartition(ID_KEY);
    let step = steps.next();
    while (!step.done) {
      const read = step.value;
      if (read.read === 'commit')
        step = steps.next((await store.readCommits()).find(({ part }) => part === own) ?? null);
      else if (read.read === 'panes') step = steps.next(await store.readPanes(read));
      else if (read.read === 'points') step = steps.next(await store.readPoints({ ...read, partition: own }));
      else step = steps.next([]);
    }
    return new Partition({ partition: own, identity: 'log', replayUntil: 0, idKey: ID_KEY }, step.value);
  };
  let part = await restore();
  const fold = (): void => {
    for (const block of blocks.slice(part.nextOffset))
      expect(part.fold({ offset: part.nextOffset, time: T0, ...block })).toEqual([]);
  };
  const head = { [HEADER.format]: '1', [HEADER.received]: String(T0) };
  const control = encodeControl({ kind: 'metric', metric: `m${own}`, version: 1, definition: whole });
  blocks.push({
    headers: { ...head, [HEADER.kind]: 'control', [HEADER.block]: 'control' },
    value: Buffer.from(control),
  });
  const flush = async (isWhole: boolean): Promise<void> => {
    const { panes, archive, commit } = part.beginFlush()!;
    await store.insertPanes(panes);
    if (!isWhole) return;
    await store.insertEvents(archive);
    await store.insertCommits([commit]);
    part.commitFlush();
  };
  return {
    /** Each event is a block. */
    send(events: readonly Sent[]) {
      for (const [at, key, properties] of events) {
        const value = JSON.stringify({ event: 'e', key, timestamp: T0 + at * 1_000, properties });
        blocks.push({
          headers: { ...head, [HEADER.block]: `b${blocks.length}` },
          value: Buffer.from(value),
        });
      }
      fold();
    },
    flush: () => flush(true),
    /** The process is killed, maybe while a flush had written its pane rows and nothing else. */
    async kill({ flushing = false } = {}) {
      if (flushing) await flush(false);
      part = await restore();
      fold();
    },
    /** Outputs of each window, by group and second, of the core; which SQL over the archive has as well. */
    async values() {
      await flush(true);
      const { metric } = compileActive(`m${own}`, whole);
      const range = { metric: metric.id, version: 1, from: 0, to: T0 * 2 };
      const scope = { metric, version: 1, partition: own, from: 0, before: part.nextOffset, groups: 100 };
      const stateOf = ({ pane, group, state }: PaneRow) => ({ pane, group, state });
      const rows = (await store.readPanes(range)).map(stateOf);
      expect((await store.runSqlFold(scope)).map(stateOf)).toEqual(rows);
      return readWindows(rows, metric.aggregate, metric.window);
    },
  };
}

function readWindows(
  rows: readonly Pick<PaneRow, 'pane' | 'group' | 'state'>[],
  call: Parameters<typeof aggregateOf>[0],
  window: number,
): Record<string, (number | null)[]> {
  const aggregate = aggregateOf(call);
  const nameOf = ({ pane, group }: { pane: number; group: string[] }): string =>
    [...group, (Math.floor(pane / window) * window - T0) / 1_000].join(' ');
  return Object.fromEntries(
    [...Map.groupBy(rows, nameOf)].map(([name, own]) => {
      const merged = aggregate.create();
      for (const { state } of own) aggregate.merge(merged, aggregate.decode(state));
      return [name, aggregate.value(merged, call, window)];
    }),
  );
}

const counters = (samples: readonly [number, string, number, string?][]): Sent[] =>
  samples.map(([at, key, n, env]) => [at, key, env === undefined ? { n } : { n, env }]);

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
