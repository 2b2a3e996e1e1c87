import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, eventually, type Rig } from './testing/rig.ts';

const COUNT = { event: '*', aggregate: 'count', window: '10s' };
const events = (n: number, at = Date.now()) =>
  Array.from({ length: n }, (_, i) => ({ event: 'e', id: `${at}-${i}`, timestamp: at, properties: {} }));

let rig: Rig;
beforeEach(async () => {
  rig = await createRig(1);
});
afterEach(() => rig.close());

/** Up to where the partition was folded, by each record of facts. */
const positions = async (): Promise<number[]> =>
  (await rig.updates()).flatMap((u) => (u.kind === 'facts' ? u.partitions.map(({ next }) => next) : []));
const counters = async () => (await rig.commit(0))?.facts.counters;

describe('a worker in trouble', () => {
  it('goes on publishing while the Store is away, and stores everything when it is back', async () => {
    await rig.define('all', COUNT);
    await rig.start();
    await rig.post(0, events(1));
    await rig.committed();
    rig.storeAway = true;
    const at = Date.now();
    await rig.post(0, events(50, at));
    await eventually(async () =>
      (await rig.updates()).some(
        (u) => u.kind === 'facts' && u.partitions.some((p) => p.next - p.committed > 0),
      ),
    );
    await eventually(async () => (await rig.metrics.read('millrace_aggregator_failures_total')) > 0);
    const cells = (await rig.updates()).flatMap((u) => (u.kind === 'cells' ? u.cells : []));
    expect(cells.some((c) => c.next > (c.part === '0' ? 3 : 0))).toBe(true);
    rig.storeAway = false;
    await rig.committed();
    expect((await counters())?.events).toBe(51);
    expect(await rig.store.countEvents()).toBe(51);
  });

  it('stops consuming blocks at the bound of what waits for the Store, and resumes below it', async () => {
    await rig.define('all', COUNT);
    const worker = await rig.start({ dirtyCells: 100 });
    await rig.post(0, events(1));
    await rig.committed();
    rig.storeAway = true;
    for (let i = 0; i < 20; i++) await rig.post(0, events(50, Date.now() + i));
    await eventually(() => worker.totals().gauges.pendingRows! >= 100);
    const reached = await positions();
    // Two heartbeats later it is where it was.
    await eventually(async () => (await positions()).length >= reached.length + 2);
    expect(new Set((await positions()).slice(reached.length - 1)).size).toBe(1);
    expect((await positions()).at(-1)).toBeLessThan((await rig.log.bounds('events'))[0]!.end);
    expect(worker.totals().gauges.pendingRows).toBeLessThan(160);
    rig.storeAway = false;
    await rig.committed();
    expect((await counters())?.events).toBe(1_001);
  });

  it('closes while the Store is away, and loses nothing', async () => {
    await rig.define('all', COUNT);
    const worker = await rig.start();
    await rig.post(0, events(1));
    await rig.committed();
    rig.storeAway = true;
    await rig.post(0, events(10));
    await worker.close();
    rig.storeAway = false;
    await rig.start();
    await rig.committed();
    expect((await counters())?.events).toBe(11);
  });

  it('refuses lines it cannot read, by position and code, and folds their neighbours', async () => {
    await rig.define('all', COUNT);
    await rig.start();
    await rig.post(0, events(1));
    const far = JSON.stringify({ event: 'e', timestamp: Date.now() + 600_000 });
    const value = Buffer.concat([
      Buffer.from('{"event":"e"}\n{"event":\n{"event":"e","amount":1}\n'),
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d, 0x0a]),
      Buffer.from(`{"event":"e","properties":{"a.b":1,"a":{"b":2}}}\n${far}\n{"event":"e"}`),
    ]);
    const [offset] = await rig.log.append('events', 0, [{ key: null, value, headers: {} }]);
    await rig.log.append('events', 0, [{ key: null, value, headers: { 'millrace-format': '9' } }]);
    await rig.committed();
    expect(await counters()).toMatchObject({ events: 3, rejected: 6 });
    await eventually(async () => (await rig.log.bounds('rejected'))[0]!.end >= 6);
    const found: { code: string; position: { offset: number; index: number } }[] = [];
    const tail = await rig.log.tail(
      'rejected',
      0,
      0,
      (records) => void found.push(...records.map((r) => JSON.parse(Buffer.from(r.value).toString()))),
      () => {},
    );
    await eventually(() => found.length >= 6);
    await tail.close();
    expect(found.filter((r) => r.position.offset === offset).map((r) => [r.position.index, r.code])).toEqual([
      [1, 'invalid_json'],
      [2, 'unknown_field'],
      [3, 'invalid_utf8'],
      [4, 'ambiguous_path'],
      [5, 'timestamp_in_future'],
    ]);
    expect(found.at(-1)?.code).toBe('unsupported_format');
  });

  it('refuses to start with the Store of another log, or from a position the log does not hold', async () => {
    const facts = (await startOnce()).facts;
    await rig.store.insertCommits([{ part: 0, next: 9_999, identity: rig.catalog.identity, facts }]);
    await expect(rig.start()).rejects.toMatchObject({ code: 'position_out_of_bounds' });
    await rig.store.insertCommits([{ part: 0, next: 10_000, identity: 'another', facts }]);
    await expect(rig.start()).rejects.toMatchObject({ code: 'log_identity_changed' });
  });

  it('says how far it is each second, complete up to now when the log is quiet', async () => {
    await rig.start();
    await rig.post(0, events(1, Date.now() - 60_000));
    await eventually(async () => {
      const last = (await rig.updates()).findLast((u) => u.kind === 'facts')?.partitions[0];
      return (
        last !== undefined && last.shown !== null && last.shown === last.asOf && last.watermark !== last.shown
      );
    });
  });
});

async function startOnce() {
  const worker = await rig.start();
  await rig.post(0, events(1));
  await rig.committed();
  await worker.close();
  return (await rig.commit(0))!;
}
