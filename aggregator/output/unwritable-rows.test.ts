import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import type { RejectedRecord } from '#contracts/log/rejected-record.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import { type Store, StoreFault } from '#platform/store/store.ts';
import { createRig, eventually, type Rig } from '../testing/rig.ts';

const COUNT = { event: '*', aggregate: 'count', window: '10s', groupBy: 'place' };
const REFUSED = new StoreFault({ code: 'internal', message: 'Code: 117. DB::Exception: no.' }, 'rows');

let rig: Rig;
beforeEach(async () => {
  rig = await createRig(1);
});
afterEach(() => rig.close());

const places = (...names: string[]) =>
  names.map((place, i) => ({ event: 'e', id: `${place}-${i}`, properties: { place } }));

/** A Store that takes no archive row and no pane row with this text in it. */
const refusing = (text: string, store: Store = rig.store): Store => ({
  ...store,
  insertEvents: async (rows) => {
    if (rows.some((row) => row.properties.includes(text))) throw REFUSED;
    await store.insertEvents(rows);
  },
  insertPanes: async (rows) => {
    if (rows.some((row) => row.group.includes(text))) throw REFUSED;
    await store.insertPanes(rows);
  },
});

const panesOf = (store: Store) => {
  const { version } = rig.catalog.catalog.metrics.get('all')!;
  return store.readPanes({ metric: 'all', version, from: 0, to: Number.MAX_SAFE_INTEGER });
};

/** Resolves when the metric is active, so that it folds later events. */
const active = () => eventually(async () => ((await rig.commit(0))?.facts.active.length ?? 0) > 0);

async function rejected(most: number): Promise<RejectedRecord[]> {
  const found: RejectedRecord[] = [];
  const tail = await rig.log.tail(
    'rejected',
    0,
    0,
    (records) => void found.push(...records.map((r) => JSON.parse(Buffer.from(r.value).toString()))),
    () => {},
  );
  await eventually(() => found.length >= most);
  await tail.close();
  return found;
}

describe('rows that the Store does not take', () => {
  it('are reported and left out; the partition continues, and a replay gives the same result', async () => {
    await rig.define('all', COUNT);
    const worker = await rig.start({}, { store: refusing('bad') });
    await active();
    await rig.post(0, places('fine'));
    await rig.committed();
    const offset = await rig.post(0, places('a', 'bad', 'c', 'd'));
    await rig.committed();
    await rig.post(0, places('later'));
    await rig.committed();
    expect((await rig.commit(0))?.facts.counters).toMatchObject({ events: 6, rejected: 0 });
    expect(await rig.store.countEvents()).toBe(5);
    expect((await rig.rows('all', '0')).map((row) => row.group[0]).sort()).toEqual([
      'a',
      'c',
      'd',
      'fine',
      'later',
    ]);
    const records = await rejected(2);
    expect(records).toHaveLength(2);
    expect(records.find((r) => r.field === 'all')).toMatchObject({
      code: 'unstorable_row',
      message: expect.stringContaining('Pane of metric all'),
      position: { partition: 0, offset },
    });
    expect(records.find((r) => r.field === undefined)).toMatchObject({
      code: 'unstorable_row',
      message: expect.stringContaining('Code: 117'),
      body: '{"place":"bad"}',
      position: { partition: 0, offset, index: 1 },
    });
    expect(await rig.metrics.read('millrace_aggregator_rows_set_aside_total')).toBe(2);
    await worker.close();

    // The same log into another Store, by a worker that knows nothing of the row.
    const other = createMemoryStore({ aggregateOf });
    await rig.start({}, { store: refusing('bad', other) });
    const before = (await rig.commit(0))!;
    const replayed = async () => (await other.readCommits())[0];
    await eventually(async () => (await replayed())?.next === before.next);
    const { counters, watermark, ids } = before.facts;
    expect((await replayed())?.facts).toMatchObject({ counters, watermark, ids });
    expect(await other.countEvents()).toBe(5);
    expect(await panesOf(other)).toEqual(await panesOf(rig.store));
  });

  it('lose nothing while the Store is away or full: all are written once there is room', async () => {
    await rig.define('all', COUNT);
    await rig.start();
    await active();
    await rig.post(0, places('fine'));
    await rig.committed();
    rig.storeAway = true;
    await rig.post(0, places('a', 'b'));
    await eventually(async () => (await rig.metrics.read('millrace_aggregator_failures_total')) > 2);
    rig.storeAway = false;
    await rig.committed();
    expect(await rig.store.countEvents()).toBe(3);
    expect(await rig.metrics.read('millrace_aggregator_rows_set_aside_total')).toBe(0);
  });
});

describe('a stop', () => {
  it('meets its deadline while a call of the Store hangs, and loses nothing', async () => {
    await rig.define('all', COUNT);
    const hanging = Promise.withResolvers<void>();
    let hangs = false;
    const store: Store = {
      ...rig.store,
      insertPanes: (rows) => {
        if (!hangs) return rig.store.insertPanes(rows);
        hanging.resolve();
        return new Promise(() => {});
      },
    };
    const worker = await rig.start({}, { store, lastFlush: 50 });
    await active();
    await rig.post(0, places('fine'));
    await rig.committed();
    hangs = true;
    await rig.post(0, places('a', 'b'));
    await hanging.promise;
    await worker.close();
    await rig.start();
    await rig.committed();
    expect((await rig.commit(0))?.facts.counters.events).toBe(3);
    expect(await rig.store.countEvents()).toBe(3);
  });
});
