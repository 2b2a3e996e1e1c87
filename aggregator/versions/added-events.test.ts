import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import type { Store } from '#platform/store/store.ts';
import { createRig, eventually, type Rig } from '../testing/rig.ts';

const HOUR = 3_600_000;
const COUNT = { event: 'checkout', aggregate: 'count', window: '10s' };

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
/** Events that all parts of a metric count, or the parts of one kind. */
async function counted(metric: string, parts = ['0', '1', '~0', '~1', '+0', '+1']): Promise<number> {
  const rows = await Promise.all(parts.map((part) => rig.rows(metric, part)));
  return sum(rows.flat().map((row) => row.state.counts[0]!));
}
const addedOf = (metric: string) =>
  [0, 1].map(async (p) => (await rig.commit(p))?.facts.active.find((a) => a.metric === metric)?.added);
/** Resolves when both partitions fold the metric. */
async function define(id: string): Promise<void> {
  await rig.define(id, COUNT);
  await eventually(async () => {
    const rows = await rig.store.readCommits();
    return rows.filter(({ facts }) => facts.active.some(({ metric }) => metric === id)).length === 2;
  });
}
const rebuild = (id: string, cancelled = false) =>
  rig.catalog.write({
    kind: 'rebuild',
    id,
    version: rig.catalog.catalog.metrics.get(id)!.version,
    cancelled,
  });
const isRebuilt = async (metric: string): Promise<boolean> => {
  const { rebuild: asked } = rig.catalog.catalog.metrics.get(metric)!;
  const all = await Promise.all(addedOf(metric));
  return all.every((a) => a?.late?.request === asked?.request && a?.late?.filled === a?.late?.below);
};

/** One event an hour of 30 days, in no order, over both partitions. */
async function post30Days(imported: boolean): Promise<void> {
  const now = Date.now();
  const hours = Array.from({ length: 720 }, (_, i) => ((i * 7) % 720) + 1);
  for (const p of [0, 1]) {
    const events = hours
      .filter((hour) => hour % 2 === p)
      .map((hour) => ({ event: 'checkout', id: `h${hour}`, timestamp: now - hour * HOUR }));
    for (let i = 0; i < events.length; i += 100)
      await rig.post(p, events.slice(i, i + 100), undefined, imported);
  }
}

describe('history of 30 days that is imported', () => {
  it('is counted by a metric that exists and by one that is defined later, and moves no watermark', async () => {
    await rig.start();
    await define('before');
    for (const p of [0, 1]) await rig.post(p, [{ event: 'checkout', id: `now${p}` }]);
    await rig.committed();
    const { watermark } = (await rig.commit(0))!.facts;
    await post30Days(true);
    await eventually(async () => (await counted('before')) === 722);
    await define('after');
    await eventually(async () => (await counted('after')) === 722);
    expect(await counted('before', ['+0', '+1'])).toBe(720);
    expect(await counted('after', ['0', '1'])).toBe(0);
    await rig.committed();
    const { facts } = (await rig.commit(0))!;
    expect(facts.watermark).toBe(watermark);
    expect(facts.counters).toMatchObject({ late: 0, imported: 360, duplicates: 0 });
    const told = (await rig.updates()).filter((u) => u.kind === 'backfilled' && u.metric === 'before');
    expect(new Set(told.map((u) => 'part' in u && u.part))).toEqual(new Set(['+0', '+1']));
  });

  it('is counted once when its blocks come again, and after a restart', async () => {
    const worker = await rig.start();
    await define('once');
    const events = [{ event: 'checkout', id: 'a', timestamp: Date.now() - 500 * HOUR }];
    for (let i = 0; i < 3; i++) await rig.post(0, events, 'the same block', true);
    await eventually(async () => (await counted('once')) === 1);
    await worker.close();
    await rig.post(0, events, 'the same block', true);
    await rig.post(0, [{ ...events[0], id: 'b' }], 'another block', true);
    await rig.start();
    await eventually(async () => (await counted('once')) === 2);
    await rig.committed();
    expect(await counted('once')).toBe(2);
  });

  it('comes in with the history of a new version, before that version is served', async () => {
    await rig.start();
    await define('changed');
    await post30Days(true);
    await eventually(async () => (await counted('changed')) === 720);
    const version = await rig.define('changed', { ...COUNT, groupBy: 'country' });
    const servedCount = Promise.withResolvers<number>();
    rig.catalog.subscribe((record) => {
      if (record.kind === 'serve') void counted('changed').then(servedCount.resolve, servedCount.reject);
    });
    expect(await servedCount.promise).toBe(720);
    expect(rig.catalog.catalog.metrics.get('changed')?.served.version).toBe(version);
  });
});

describe('late events', () => {
  it('case 23: one beyond the lateness is archived and counted late, in no pane, and in it after a rebuild', async () => {
    await rig.start();
    await define('late');
    const now = Date.now();
    await rig.post(0, [{ event: 'checkout', id: 'now', timestamp: now }]);
    const sent = [
      { event: 'checkout', id: 'late', timestamp: now - 2 * HOUR },
      { event: 'checkout', id: 'now', timestamp: now },
      { event: '' },
    ];
    await rig.post(0, sent);
    await rig.committed();
    expect(await counted('late')).toBe(1);
    expect(await rig.store.countEvents()).toBe(2);
    const { counters } = (await rig.commit(0))!.facts;
    expect(counters).toMatchObject({ late: 1, duplicates: 1, rejected: 1 });
    // Of four that were sent: what was accepted holds the late one.
    expect(counters.events + counters.duplicates + counters.rejected).toBe(1 + sent.length);
    await rebuild('late');
    await eventually(() => isRebuilt('late'));
    expect(await counted('late')).toBe(2);
    expect((await rig.rows('late', '+0')).map(({ pane }) => pane)).toEqual([
      Math.floor((now - 2 * HOUR) / 1_000) * 1_000,
    ]);
  });

  it('of 30 days count after a rebuild, for a metric that exists and for one that is defined later', async () => {
    await rig.start();
    await define('before');
    for (const p of [0, 1]) await rig.post(p, [{ event: 'other', id: `now${p}` }]);
    await post30Days(false);
    await rig.committed();
    await define('after');
    expect(await counted('before')).toBe(0);
    for (const id of ['before', 'after']) {
      await rebuild(id);
      await eventually(() => isRebuilt(id));
      expect(await counted(id)).toBe(720);
    }
  });

  it('that come after a rebuild wait for the next one', async () => {
    await rig.start();
    await define('again');
    const late = (id: string) => ({ event: 'checkout', id, timestamp: Date.now() - 5 * HOUR });
    await rig.post(0, [{ event: 'checkout', id: 'now' }]);
    await rig.post(0, [late('a')]);
    await rebuild('again');
    await eventually(() => isRebuilt('again'));
    await rig.post(0, [late('b')]);
    await rig.committed();
    expect(await counted('again')).toBe(2);
    await rebuild('again');
    await eventually(() => isRebuilt('again'));
    expect(await counted('again')).toBe(3);
  });

  it('are left where they are when the rebuild is cancelled before it could be done', async () => {
    let refused = 0;
    let isAway = true;
    const store = new Proxy(rig.store, {
      get(target, name, receiver) {
        if (name !== 'fillAdded' || !isAway) return Reflect.get(target, name, receiver);
        return async () => {
          refused++;
          throw new MillraceError({ code: 'store_unavailable', message: 'away' });
        };
      },
    }) satisfies Store;
    const worker = await rig.start({}, { store });
    await define('kept');
    await rig.post(0, [{ event: 'checkout', id: 'now' }]);
    await rig.post(0, [{ event: 'checkout', id: 'late', timestamp: Date.now() - 5 * HOUR }]);
    await rebuild('kept');
    await eventually(() => refused > 0 && worker.totals().backfills !== undefined);
    await rebuild('kept', true);
    await eventually(() => worker.totals().backfills === undefined);
    isAway = false;
    // What is imported afterwards comes in without them.
    const imported = { event: 'checkout', id: 'old', timestamp: Date.now() - 5 * HOUR };
    await rig.post(0, [imported], undefined, true);
    await eventually(async () => (await counted('kept', ['+0'])) === 1);
    await rebuild('kept');
    await eventually(() => isRebuilt('kept'));
    expect(await counted('kept', ['+0'])).toBe(2);
  });
});
