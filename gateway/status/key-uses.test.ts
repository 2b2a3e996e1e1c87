import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import type { Store } from '#platform/store/store.ts';
import type { GatewayDeps } from '../deps.ts';
import { createKeyUses } from './key-uses.ts';

const MINUTE = 60_000;
let store: Store;
let fault: Error | null;
let inserts: number;
const uses = new Map<string, number>();
const keys = new Map<string, unknown>();

/** The parts that it takes, with a Store that can fail. */
function build() {
  const insertKeyUses: Store['insertKeyUses'] = async (rows) => {
    if (fault !== null) throw fault;
    inserts++;
    return store.insertKeyUses(rows);
  };
  const readKeyUses: Store['readKeyUses'] = async () => {
    if (fault !== null) throw fault;
    return store.readKeyUses();
  };
  return createKeyUses({
    store: { ...store, insertKeyUses, readKeyUses },
    keyring: { uses },
    catalog: { catalog: { keys } },
    logger: createLogger('silent', 'test'),
  } as unknown as GatewayDeps);
}

beforeEach(() => {
  vi.useFakeTimers();
  store = createMemoryStore({ aggregateOf });
  [fault, inserts] = [null, 0];
  uses.clear();
  keys.clear();
  for (const id of ['a', 'b', 'c']) keys.set(id, {});
});
afterEach(() => void vi.useRealTimers());

it('stores what was used once a minute, and nothing where nothing was', async () => {
  const known = build();
  await vi.advanceTimersByTimeAsync(3 * MINUTE);
  expect(inserts).toBe(0);
  for (let i = 1; i <= 1_000; i++) uses.set('a', i);
  known.add({ b: 7, gone: 9 });
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(inserts).toBe(1);
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(inserts).toBe(1);
  expect(await store.readKeyUses()).toEqual([
    { key: 'a', used: 1_000 },
    { key: 'b', used: 7 },
  ]);
});

it('survives a restart, and takes the latest use of whichever process', async () => {
  const first = build();
  uses.set('a', 5);
  first.add({ b: 20 });
  await first.close();
  uses.clear();
  const second = build();
  second.add({ b: 10, c: 3 });
  uses.set('a', 8);
  expect(await second.list()).toEqual(
    new Map([
      ['a', 8],
      ['b', 20],
      ['c', 3],
    ]),
  );
  keys.delete('b');
  expect([...(await second.list())!.keys()]).toEqual(['a', 'c']);
});

it('says that it does not know while the Store is away, and stores later', async () => {
  const known = build();
  fault = new Error('away');
  uses.set('a', 5);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(await known.list()).toBeNull();
  fault = null;
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(await store.readKeyUses()).toEqual([{ key: 'a', used: 5 }]);
});
