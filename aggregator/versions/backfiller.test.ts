import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { createWarnings } from '#platform/process/reporting/warnings.ts';
import type { BackfillScope, Store } from '#platform/store/store.ts';
import { createRig, eventually, type Rig } from '../testing/rig.ts';

const COUNT = { event: 'checkout', aggregate: 'count', window: '10s' };

describe('the history of metrics', () => {
  let rig: Rig;
  let scopes: BackfillScope[];
  let refuses: (scope: BackfillScope) => Error | null;
  beforeEach(async () => {
    rig = await createRig();
    scopes = [];
    refuses = () => null;
  });
  afterEach(() => rig.close());

  const warnings = () => createWarnings({ clock: Date.now, logger: { warn() {}, info() {} } as never });
  const start = (own = warnings()) => {
    const store = new Proxy(rig.store, {
      get(target, name, receiver) {
        if (name !== 'backfill') return Reflect.get(target, name, receiver);
        return async (scope: BackfillScope) => {
          scopes.push(scope);
          const error = refuses(scope);
          if (error !== null) throw error;
          await target.backfill(scope);
        };
      },
    }) satisfies Store;
    return rig.start({}, { store, warnings: own });
  };
  const post = async (): Promise<void> => {
    for (const partition of [0, 1]) await rig.post(partition, [{ event: 'checkout', id: `${partition}` }]);
    await rig.committed();
  };
  const isFilled = async (id: string): Promise<boolean> => {
    const rows = await rig.store.readCommits();
    const found = rows.map(({ facts }) => facts.active.find(({ metric }) => metric === id)?.backfilled);
    return found.length === 2 && found.every((backfilled) => backfilled === true);
  };
  const broken = (id: string, code: 'internal' | 'store_unavailable') => (scope: BackfillScope) =>
    scope.metric.id === id ? new MillraceError({ code, message: `no ${id}` }) : null;

  it.each(['internal', 'store_unavailable'] as const)(
    'is filled in for all others while one keeps failing with %s, and says why',
    async (code) => {
      refuses = broken('first', code);
      const own = warnings();
      const worker = await start(own);
      await post();
      for (const id of ['first', 'second', 'third']) await rig.define(id, COUNT);
      await eventually(() => isFilled('second'));
      await eventually(() => isFilled('third'));
      await rig.define('later', COUNT);
      await eventually(() => isFilled('later'));
      await eventually(() => (worker.totals().backfills?.[0]?.attempts ?? 0) >= 2);
      expect(worker.totals().backfills).toEqual([
        expect.objectContaining({ metric: 'first', partitions: 2, code, message: 'no first' }),
      ]);
      expect(own.list()).toMatchObject([{ code: 'backfill_failing' }]);
      expect(await isFilled('first')).toBe(false);
      expect(worker.ready()).toBeNull();
    },
  );

  it('is filled in by itself once the reason is gone, and is no longer reported', async () => {
    refuses = broken('only', 'store_unavailable');
    const own = warnings();
    const worker = await start(own);
    await post();
    await rig.define('only', COUNT);
    await eventually(() => worker.totals().backfills !== undefined);
    refuses = () => null;
    await eventually(() => isFilled('only'));
    await eventually(() => own.list().length === 0);
    expect(worker.totals().backfills).toBeUndefined();
  });

  it('is one statement for all partitions, and where that fails one for each', async () => {
    await start();
    await post();
    await rig.define('whole', COUNT);
    await eventually(() => isFilled('whole'));
    expect(scopes.map(({ partitions }) => partitions.length)).toEqual([2]);
    refuses = ({ partitions }) =>
      partitions.some(({ partition }) => partition === 1)
        ? new MillraceError({ code: 'store_unavailable', message: 'too much' })
        : null;
    await rig.define('parted', COUNT);
    const ofZero = async () =>
      (await rig.commit(0))!.facts.active.find(({ metric }) => metric === 'parted')?.backfilled === true;
    await eventually(ofZero);
    expect(await isFilled('parted')).toBe(false);
  });

  it('of many metrics is a statement each, none of which waits for a tick', async () => {
    const worker = await start();
    await post();
    const ids = Array.from({ length: 60 }, (_, i) => `m${i}`);
    for (const id of ids) await rig.define(id, COUNT);
    for (const id of ids) await eventually(() => isFilled(id));
    expect(scopes.length).toBeLessThanOrEqual(2 * ids.length);
    expect(worker.totals().backfills).toBeUndefined();
  });
});
