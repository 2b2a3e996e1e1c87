import { describe, expect, it } from 'vitest';
import { compileMetric } from '#aggregates/judge/compile-metric.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import { DEFAULT_FOLD_SETTINGS } from '#contracts/log/control.ts';
import type { ActiveMetric, CommitRow, PaneRow, RollUpMark } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { DAY, HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import type { Store } from '#platform/store/store.ts';
import { rollUpCommitted } from './roll-up-committed.ts';
import { rollUpFilled } from './roll-up-filled.ts';
import { chunkOf, type RollUpStep, type RollUpSteps, type RowSpan } from './roll-up-step.ts';

const T0 = 20_000 * DAY;
const BODY = { event: '*', aggregate: 'count', window: '10s', lateness: '1m' };

const metricOf = ({ metric, definition }: Pick<ActiveMetric, 'metric' | 'definition'>): Metric | null => {
  const read = compileMetric(metric, definition, Number.POSITIVE_INFINITY);
  return read.ok ? read.value.metric : null;
};

function commit(part: number, watermark: number | null, active: Partial<ActiveMetric>[] = [{}]): CommitRow {
  const facts = {
    watermark,
    settings: DEFAULT_FOLD_SETTINGS,
    active: active.map((one) => ({
      metric: 'a',
      version: 1,
      activation: 0,
      definition: BODY,
      backfilled: true,
      ...one,
    })),
    blocks: [],
    ids: { from: 0, after: null },
    caps: { latest: null, steps: [] },
    counters: { events: 0, duplicates: 0, repeatedBlocks: 0, rejected: 0, late: 0, skipped: 0 },
  };
  return { part, next: 1, identity: 'log', facts };
}

const pane = (at: number, over: Partial<PaneRow> = {}): PaneRow => ({
  metric: 'a',
  version: 1,
  pane: at,
  group: [],
  part: '0',
  state: { nums: [], keys: [], counts: [1] },
  next: 1,
  ...over,
});

/** Does the steps on a Store, and lists them. */
async function run<T>(
  store: Store,
  steps: RollUpSteps<T>,
  most = Infinity,
): Promise<{ result: T; did: RollUpStep[] }> {
  const did: RollUpStep[] = [];
  for (let next = steps.next(null); ; ) {
    if (next.done === true) return { result: next.value, did };
    did.push(next.value);
    let answer: RowSpan | null = null;
    if (next.value.step === 'span') {
      const { tier, rows } = next.value;
      answer = await store.readPaneSpan(next.value, tier, Math.min(rows, most));
    } else if (next.value.step === 'roll-up') await store.rollUp(next.value.rollUps);
    else await store.insertMarks(next.value.marks);
    next = steps.next(answer);
  }
}

const createStore = (): Store => createMemoryStore({ aggregateOf });
const rollUp = async (store: Store, commits: CommitRow[], most?: number) =>
  run(store, rollUpCommitted({ commits, marks: await store.readMarks(), metricOf }), most);
const uptoOf = async (store: Store): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await store.readMarks()).map(({ metric, version, partition, tier, upto }: RollUpMark) => [
      `${metric}@${version} ${partition} ${tier}`,
      upto,
    ]),
  );
const read = (store: Store, align: number) =>
  store.readTiers({ metric: 'a', version: 1, from: 0, to: T0 + DAY, align });

describe('what is committed', () => {
  it('is rolled up as far as no event can reach it any more', async () => {
    const store = createStore();
    await store.insertPanes([0, 59, 60, 119, 120].map((s) => pane(T0 + s * SECOND)));
    await rollUp(store, [commit(0, T0 + 2 * MINUTE - 1)]);
    expect((await uptoOf(store))[`a@1 0 ${MINUTE}`]).toBe(T0);
    const { result } = await rollUp(store, [commit(0, T0 + 3 * MINUTE)]);
    expect(result).toEqual({ left: false, lag: 0 });
    expect(await uptoOf(store)).toEqual({ [`a@1 0 ${MINUTE}`]: T0 + 2 * MINUTE, [`a@1 0 ${HOUR}`]: T0 });
    expect((await read(store, MINUTE)).map((row) => [row.pane - T0, row.state.counts])).toEqual([
      [0, [2]],
      [MINUTE, [2]],
      [2 * MINUTE, [1]],
    ]);
  });

  it('is rolled up by each partition for itself, and by none without a watermark', async () => {
    const store = createStore();
    await store.insertPanes(['0', '1', '2'].map((part) => pane(T0, { part })));
    await rollUp(store, [commit(0, T0 + HOUR), commit(1, T0 + 2 * MINUTE), commit(2, null)]);
    expect(await uptoOf(store)).toEqual({
      [`a@1 0 ${MINUTE}`]: T0 + HOUR - MINUTE,
      [`a@1 0 ${HOUR}`]: T0,
      [`a@1 1 ${MINUTE}`]: T0 + MINUTE,
      [`a@1 1 ${HOUR}`]: T0,
    });
  });

  it('is not rolled up before no event can reach back to it', async () => {
    const store = createStore();
    const definition = { ...BODY, aggregate: 'sessions(30s, 2h)' };
    const uptoAt = async (watermark: number) => {
      await rollUp(store, [commit(0, watermark, [{ definition }])]);
      return (await uptoOf(store))[`a@1 0 ${HOUR}`];
    };
    await store.insertPanes([pane(T0, { state: { nums: [1, 0, 1, 1], keys: [], counts: [] } })]);
    // The hour ends, its grace, and then the longest session that may have begun in it.
    expect(await uptoAt(T0 + HOUR + MINUTE + 2 * HOUR - 1)).toBe(T0);
    expect(await uptoAt(T0 + HOUR + MINUTE + 2 * HOUR)).toBe(T0 + HOUR);
  });

  it('takes few statements and marks where it keeps up, rows before marks', async () => {
    const store = createStore();
    const active = ['a', 'b', 'c'].map((metric) => ({ metric }));
    await store.insertPanes([0, 1].map((part) => pane(T0, { part: String(part) })));
    const at = (watermark: number) => [0, 1].map((part) => commit(part, watermark, active));
    await rollUp(store, at(T0 + HOUR));
    const { did } = await rollUp(store, at(T0 + HOUR + 2 * MINUTE));
    expect(did.map(({ step }) => step)).toEqual(['roll-up', 'mark', 'roll-up', 'mark']);
    const minutes = did[0]!;
    expect(minutes.step === 'roll-up' && minutes.rollUps.map((one) => [one.metric.id, one.parts])).toEqual(
      ['a', 'b', 'c'].map((id) => [id, ['0', '~0', '1', '~1']]),
    );
    expect((await rollUp(store, at(T0 + HOUR + 2 * MINUTE))).did).toEqual([]);
  });

  it('leaves the rows of a back-fill alone that is not recorded', async () => {
    const store = createStore();
    await store.insertPanes([pane(T0), pane(T0, { part: '~0' })]);
    await rollUp(store, [commit(0, T0 + HOUR, [{ backfilled: false }])]);
    expect((await read(store, MINUTE)).map(({ part }) => part)).toEqual(['0']);
    await rollUp(store, [commit(0, T0 + 2 * HOUR)]);
    expect((await read(store, MINUTE)).map(({ part }) => part)).toEqual(['0']);
  });

  it.each([
    ['few rows are rolled up at once, however long ago', 1_000, 4],
    ['many rows are rolled up in chunks, without one for each day since', 3, 6],
  ])('%s', async (_, most, chunks) => {
    const store = createStore();
    const hours = [0, 1, 200, 201];
    await store.insertPanes([pane(5 * SECOND), ...hours.map((h) => pane(T0 - DAY + h * HOUR))]);
    let left = true;
    let passes = 0;
    const did: RollUpStep[] = [];
    for (; left && passes < 100; passes++) {
      const pass = await rollUp(store, [commit(0, T0 + 30 * DAY)], most);
      did.push(...pass.did);
      left = pass.result.left;
    }
    expect(left).toBe(false);
    const made = did.filter(({ step }) => step === 'roll-up').length;
    expect(made).toBe(chunks);
    expect(await uptoOf(store)).toEqual({
      [`a@1 0 ${MINUTE}`]: T0 + 30 * DAY - MINUTE,
      [`a@1 0 ${HOUR}`]: T0 + 30 * DAY - HOUR,
    });
    const all = { metric: 'a', version: 1, from: 0, to: T0 + 30 * DAY, align: HOUR };
    expect((await store.readTiers(all)).map((row) => row.pane)).toEqual([
      0,
      ...hours.map((h) => T0 - DAY + h * HOUR),
    ]);
  });

  it('goes on to hours of what is in minutes alone', async () => {
    const store = createStore();
    await store.insertPanes([pane(T0), pane(T0 + 30 * MINUTE)]);
    await rollUp(store, [commit(0, T0 + 45 * MINUTE)]);
    const aged = { metric: 'a', version: 1, tier: 'pane', before: T0 + DAY, parts: null } as const;
    await store.expire({ panes: [aged], gone: [], eventsBefore: 0 });
    await rollUp(store, [commit(0, T0 + 2 * HOUR)]);
    expect((await read(store, HOUR)).map((row) => [row.pane - T0, row.state.counts])).toEqual([[0, [2]]]);
  });

  it.each([
    ['45s', [HOUR]],
    ['7s', []],
    ['2m', [HOUR]],
    ['1h', []],
  ] as const)('has the tiers that panes of %s fit in', async (size, tiers) => {
    const store = createStore();
    const definition = { ...BODY, window: size, pane: size };
    await store.insertPanes([pane(T0)]);
    await rollUp(store, [commit(0, T0 + 2 * HOUR, [{ definition }])]);
    expect((await store.readMarks()).map(({ tier }) => tier)).toEqual(tiers);
    expect((await read(store, HOUR)).map((row) => row.state.counts)).toEqual([[1]]);
  });

  it('passes over a definition that cannot be read', async () => {
    const store = createStore();
    const definition = { ...BODY, aggregate: 'magic' };
    expect((await rollUp(store, [commit(0, T0, [{ definition }])])).did).toEqual([]);
  });
});

describe('what is filled in', () => {
  const metric = metricOf({ metric: 'a', definition: BODY })!;

  it('is rolled up whole, below and above the marks, and nothing else is', async () => {
    const store = createStore();
    await store.insertPanes([pane(T0), pane(T0 + 5 * HOUR)]);
    await rollUp(store, [commit(0, T0 + HOUR, [{ backfilled: false }])]);
    const filled = [0, 30, 90, 300].map((m) => pane(T0 + m * MINUTE, { part: '~0' }));
    await store.insertPanes(filled);
    await run(store, rollUpFilled({ metric, version: 1, parts: ['~0'] }));
    await rollUp(store, [commit(0, T0 + 5 * HOUR, [{ backfilled: false }])]);
    const rows = await read(store, HOUR);
    expect(rows.map((row) => [row.part, (row.pane - T0) / MINUTE, row.state.counts[0]])).toEqual([
      ['0', 0, 1],
      ['~0', 0, 2],
      ['~0', 60, 1],
      ['0', 300, 1],
      ['~0', 300, 1],
    ]);
  });

  it('ends at the range of the fill', async () => {
    const store = createStore();
    await store.insertPanes([0, 1, 2].map((h) => pane(T0 + h * HOUR, { part: '+0' })));
    const range = { from: T0 + HOUR, to: T0 + 2 * HOUR };
    await run(store, rollUpFilled({ metric, version: 1, parts: ['+0'], ...range }));
    const hours = { metric: 'a', version: 1, from: 0, to: T0 + DAY };
    const only = T0 + HOUR;
    expect(await store.readPaneSpan(hours, 'hour', 10)).toEqual({ first: only, last: only, whole: true });
  });
});

describe('a chunk', () => {
  const counted = (first: number, last: number, whole = false) => ({ first, last, whole });

  it('ends at the last coarse pane that is counted whole', () => {
    expect(chunkOf(counted(T0 + 5, T0 + 3 * HOUR + 5), HOUR, T0 + DAY)).toEqual({
      from: T0,
      to: T0 + 3 * HOUR,
    });
    expect(chunkOf(counted(T0 + 5, T0 + 3 * HOUR + 5, true), HOUR, T0 + DAY)).toEqual({
      from: T0,
      to: T0 + DAY,
    });
  });

  it('has one coarse pane at least, however many rows it has, and never ends behind what is final', () => {
    expect(chunkOf(counted(T0, T0 + 5), HOUR, T0 + DAY)).toEqual({ from: T0, to: T0 + HOUR });
    expect(chunkOf(counted(T0, T0 + DAY), HOUR, T0 + HOUR)).toEqual({ from: T0, to: T0 + HOUR });
  });

  it('is bounded in time', () => {
    const { from, to } = chunkOf(counted(T0, T0, true), HOUR, T0 + 10_000 * DAY);
    expect([from, to - from]).toEqual([T0, 366 * DAY]);
  });
});
