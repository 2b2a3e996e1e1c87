import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, eventually, type Rig } from './testing/rig.ts';

const COUNT = { event: '*', aggregate: 'count', window: '10s' };
const DAY = 86_400_000;
const OFTEN = { expireEvery: 20 };

let rig: Rig;
beforeEach(async () => {
  rig = await createRig(2);
});
afterEach(() => rig.close());

const post = (partition: number, timestamp: number, id: string) =>
  rig.post(partition, [{ event: 'e', id, timestamp, properties: {} }]);
const panes = async (metric: string, version: number) =>
  (await rig.store.readPanes({ metric, version, from: 0, to: Number.MAX_SAFE_INTEGER })).map((r) => r.pane);
const drop = async (id: string) => {
  const basedOn = rig.catalog.catalog.metrics.get(id)!.offset;
  await rig.catalog.write({ kind: 'metric', id, basedOn, body: null, version: null });
};
const failures = () => rig.metrics.read('millrace_aggregator_failures_total');
/** A history of two days in partition 0, folded by a worker that does not expire. */
const fill = async (now: number): Promise<[short: number, long: number]> => {
  const short = await rig.define('short', { ...COUNT, retention: '1d' });
  const long = await rig.define('long', COUNT);
  const worker = await rig.start();
  await eventually(async () => ((await rig.commit(0))?.facts.active.length ?? 0) === 2);
  await post(0, now - 2 * DAY, 'old');
  await post(0, now, 'new');
  await rig.committed();
  await worker.close();
  return [short, long];
};

describe('the worker that owns partition 0', () => {
  it('removes panes past the retention of their metric, and nothing else', async () => {
    const now = Date.now();
    const [short, long] = await fill(now);
    expect(await panes('short', short)).toHaveLength(2);
    await rig.start(OFTEN);
    await eventually(async () => (await panes('short', short)).length === 1);
    expect(await panes('short', short)).toEqual([Math.floor(now / 1_000) * 1_000]);
    expect(await panes('long', long)).toHaveLength(2);
    expect(await rig.store.countEvents()).toBe(2);
  });

  it('removes panes that a tier keeps for longer only when they are in it', async () => {
    const now = Date.now();
    const version = await rig.define('short', { ...COUNT, retention: { '1s': '1d' } });
    await rig.define('long', COUNT);
    const worker = await rig.start({ rollUpEvery: 3_600_000 });
    await eventually(async () => ((await rig.commit(0))?.facts.active.length ?? 0) === 2);
    await post(0, now - 2 * DAY, 'old');
    await post(0, now, 'new');
    await rig.committed();
    await worker.close();
    let runs = 0;
    const expire: typeof rig.store.expire = async (expiry) => {
      await rig.store.expire(expiry);
      runs++;
    };
    const rolls = Promise.withResolvers<void>();
    const rollUp: typeof rig.store.rollUp = async (list) => {
      await rolls.promise;
      await rig.store.rollUp(list);
    };
    await rig.start(OFTEN, { store: { ...rig.store, expire, rollUp } });
    await eventually(() => runs > 2);
    expect(await panes('short', version)).toHaveLength(2);
    rolls.resolve();
    await eventually(async () => (await panes('short', version)).length === 1);
    const day = { metric: 'short', version, from: 0, to: Number.MAX_SAFE_INTEGER, align: DAY };
    expect((await rig.store.readTiers(day)).map(({ state }) => state.counts)).toEqual([[1], [1]]);
  });

  it('goes by the marks of a while ago, which every reader knows', async () => {
    await fill(Date.now());
    const calls: string[] = [];
    const noted = <A extends unknown[], T>(name: string, work: (...args: A) => Promise<T>) => {
      return (...args: A): Promise<T> => {
        calls.push(name);
        return work(...args);
      };
    };
    const store = {
      ...rig.store,
      readMarks: noted('marks', rig.store.readMarks),
      readVersions: noted('versions', rig.store.readVersions),
      expire: noted('expire', rig.store.expire),
    };
    await rig.start({ ...OFTEN, rollUpEvery: 3_600_000 }, { store });
    await eventually(() => Promise.resolve(calls.includes('expire')));
    expect(calls.slice(calls.indexOf('versions') - 1, calls.indexOf('expire') + 1)).toEqual([
      'marks',
      'versions',
      'expire',
    ]);
  });

  it('removes archived events past the retention of the archive', async () => {
    const [short] = await fill(Date.now());
    const later = { clock: () => Date.now() + 2 * DAY };
    const worker = await rig.start({ ...OFTEN, archive: 3 * DAY }, later);
    await eventually(async () => (await panes('short', short)).length === 0);
    await worker.close();
    expect(await rig.store.countEvents()).toBe(2);
    await rig.start({ ...OFTEN, archive: DAY }, later);
    await eventually(async () => (await rig.store.countEvents()) === 0);
  });

  it('removes a deleted metric wholly once no partition folds it', async () => {
    const [short, long] = await fill(Date.now());
    await drop('long');
    await rig.start(OFTEN);
    await eventually(async () => (await panes('long', long)).length === 0);
    // A roll-up that had begun may leave a mark, for the next run.
    await eventually(async () => (await rig.store.readVersions()).length === 1);
    expect(await rig.store.readVersions()).toEqual([{ metric: 'short', version: short }]);
  });

  it('counts a failure, goes on folding, and tries again at the next run', async () => {
    const [short] = await fill(Date.now());
    let away = true;
    const expire: typeof rig.store.expire = (...args) =>
      away ? Promise.reject(new Error('no expiry')) : rig.store.expire(...args);
    const store = { ...rig.store, expire };
    const worker = await rig.start(OFTEN, { store });
    await eventually(async () => (await failures()) > 1);
    expect(worker.ready()).toBeNull();
    expect(await panes('short', short)).toHaveLength(2);
    away = false;
    await eventually(async () => (await panes('short', short)).length === 1);
  });

  it('waits for a running expiry when it closes', async () => {
    await fill(Date.now());
    const begun = Promise.withResolvers<void>();
    const rest = Promise.withResolvers<void>();
    const expire = () => {
      begun.resolve();
      return rest.promise;
    };
    const store = { ...rig.store, expire };
    const worker = await rig.start(OFTEN, { store });
    await begun.promise;
    let closed = false;
    const closing = worker.close().then(() => {
      closed = true;
    });
    // Another worker has its partitions by now, and has closed as well.
    const next = await rig.start();
    await eventually(() => next.ready() === null);
    await next.close();
    expect(closed).toBe(false);
    rest.resolve();
    await closing;
  });
});
