import { afterEach, beforeEach, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { createRig, eventually, type Rig } from '../testing/rig.ts';

const ORDERS = { event: 'order', aggregate: 'count', groupBy: 'country', window: '10s' };
const BY_PLAN = { ...ORDERS, groupBy: 'plan' };
const EVENTS = 12;
const now = Date.now();

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

/** Calls that leave something behind. */
const WRITES = new Set(['append', 'insertPanes', 'insertEvents', 'insertCommits', 'backfill', 'write']);

/**
 * The rig's Log, Store and catalog for one worker, which dies at its n-th write from `arm` on: the write is lost, or
 * lands without the worker learning of it; nothing that it asks for later is done.
 */
function createMortal(n: number, lands: boolean) {
  let left = Number.POSITIVE_INFINITY;
  const death = Promise.withResolvers<void>();
  const dead = () => new MillraceError({ code: 'internal', message: 'This worker has died.' });
  const mortal = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(on, name) {
        const value: unknown = Reflect.get(on, name);
        if (typeof value !== 'function' || !WRITES.has(String(name))) return value;
        return async (...args: unknown[]) => {
          if (left <= 0) throw dead();
          if (--left > 0) return value.apply(on, args);
          if (lands) await value.apply(on, args);
          death.resolve();
          throw dead();
        };
      },
    });
  return {
    deps: { log: mortal(rig.log), store: mortal(rig.store), catalog: mortal(rig.catalog) },
    arm: () => {
      left = n;
    },
    died: death.promise,
  };
}

const post = async (from: number, to: number): Promise<void> => {
  for (let i = from; i < to; i++) {
    const properties = { country: 'DE', plan: ['pro', 'team'][i % 2] };
    await rig.post(i % 2, [{ event: 'order', id: `id-${i}`, timestamp: now, properties }]);
  }
};
const served = () => rig.catalog.catalog.metrics.get('orders')!.served.version;

/** Group → count over all parts and panes. */
async function counts(version: number): Promise<Record<string, number>> {
  const rows = await rig.store.readPanes({ metric: 'orders', version, from: 0, to: Number.MAX_SAFE_INTEGER });
  const sums: Record<string, number> = {};
  for (const { group, state } of rows) sums[group[0]!] = (sums[group[0]!] ?? 0) + state.counts[0]!;
  return sums;
}

const steps = Array.from({ length: 14 }, (_, i) => [i + 1, false] as const);
it.each([...steps, ...steps.map(([n]) => [n, true] as const)])(
  'a switch is completed by the next worker when one dies at write %i (which lands: %s)',
  async (n, lands) => {
    const mortal = createMortal(n, lands);
    const first = await rig.define('orders', ORDERS);
    const doomed = await rig.start({}, mortal.deps);
    await post(0, EVENTS / 2);
    await rig.committed();
    const kinds: string[] = [];
    rig.catalog.subscribe((record) => kinds.push(record.kind));
    mortal.arm();
    const second = await rig.define('orders', BY_PLAN);
    await post(EVENTS / 2, EVENTS);
    await mortal.died;
    await doomed.close();
    // What is served is complete at any time: either version, never a mixture.
    expect([first, second]).toContain(served());
    await rig.start();
    await eventually(() => served() === second);
    await eventually(async () =>
      (await rig.store.readCommits()).every(
        ({ facts }) => facts.active.map((a) => a.version).join() === `${second}`,
      ),
    );
    await rig.committed();
    expect(await counts(second)).toEqual({ pro: EVENTS / 2, team: EVENTS / 2 });
    expect(kinds).toEqual(['metric', 'serve']);
  },
);
