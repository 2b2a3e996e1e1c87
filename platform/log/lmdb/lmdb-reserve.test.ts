import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDiskGuard } from '#platform/disk/disk-guard.ts';
import { encodeRecord } from '../local/record-codec.ts';
import { emptyState, type PartitionWrite } from '../local/storage.ts';
import { recordOf } from '../log-harness.conformance.ts';
import { openLmdbLog } from './lmdb-log.ts';
import { HEADROOM, mostBytes, PAGE } from './lmdb-reserve.ts';
import { openLmdbStorage } from './lmdb-storage.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-reserve-'));
});
afterEach(() => rm(folder, { recursive: true }));

const SPEC = { name: 'events', partitions: 3, retention: null, bytes: null } as const;
const sizeOf = async (): Promise<number> => (await stat(join(folder, 'data.mdb'))).size;

/** Where LMDB's last page ends, asked by a second, reading environment of the same file. */
async function usedBytes(): Promise<number> {
  const env = open({ path: folder, readOnly: true, maxDbs: 1_200, encoding: 'binary' });
  const { lastPageNumber } = env.getStats() as { lastPageNumber: number };
  await env.close();
  return (lastPageNumber + 1) * PAGE;
}

describe('the bytes that a commit may take', () => {
  it('are never fewer than it takes, whatever is appended and dropped', { timeout: 120_000 }, async () => {
    const storage = await openLmdbStorage(folder);
    await storage.saveTopic(SPEC);
    const states = [emptyState(), emptyState(), emptyState()];
    const change = fc.record({
      partition: fc.nat(2),
      sizes: fc.array(
        fc.oneof(
          fc.integer({ min: 1, max: 300 }),
          fc.integer({ min: 1_000, max: 2_100 }),
          fc.integer({ min: 2_000, max: 260_000 }),
        ),
        {
          maxLength: 40,
        },
      ),
      drop: fc.nat(60),
    });
    const writeOf = ({
      partition,
      sizes,
      drop,
    }: {
      partition: number;
      sizes: number[];
      drop: number;
    }): PartitionWrite => {
      const before = states[partition]!;
      const dropTo = Math.min(before.end, before.start + drop);
      let dropBytes = 0;
      for (let offset = before.start; offset < dropTo; offset++)
        dropBytes += storage.peek('events', partition, offset)!.bytes;
      const records = sizes.map((size) =>
        encodeRecord({ key: null, value: Buffer.alloc(size, 1), headers: {} }, 0),
      );
      const added = records.reduce((sum, { length }) => sum + length, 0);
      const state = {
        ...before,
        start: dropTo,
        end: before.end + records.length,
        bytes: before.bytes + added - dropBytes,
      };
      states[partition] = state;
      return {
        topic: 'events',
        partition,
        first: before.end,
        records,
        dropFrom: before.start,
        dropTo,
        dropBytes,
        state,
      };
    };
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(change, { selector: ({ partition }) => partition, minLength: 1, maxLength: 3 }),
        async (changes) => {
          const writes = changes.map(writeOf);
          const before = await usedBytes();
          await storage.commit(writes);
          expect((await usedBytes()) - before).toBeLessThanOrEqual(mostBytes(writes));
          expect(await sizeOf()).toBeGreaterThanOrEqual(await usedBytes());
        },
      ),
      { numRuns: 60 },
    );
    await storage.close();
  });
});

describe('a log on a disk that gets full', () => {
  const openOn = async (free: () => number) => {
    const measure = async () => ({ total: 1e9, free: free() });
    const guard = await openDiskGuard({
      owner: 'Log',
      folder,
      floor: 50e6,
      floorShare: 90,
      measure,
      every: 5,
    });
    return openLmdbLog({ folder, guard });
  };
  const codeOf = (append: Promise<unknown>): Promise<string> =>
    append.then(
      () => 'taken',
      ({ code }) => code,
    );

  it('refuses what clients send first, then its own records, and drops even then; with room it goes on', async () => {
    let free = 1e9;
    const log = await openOn(() => free);
    await log.ensureTopics([
      { ...SPEC, partitions: 1, bytes: 0 },
      { name: 'system', partitions: 1, retention: null, bytes: null },
    ]);
    const outcomes = async () => ({
      events: await codeOf(log.append('events', 0, [recordOf('e')])),
      system: await codeOf(log.append('system', 0, [recordOf('s')])),
    });
    const until = async (wanted: object) =>
      expect.poll(outcomes, { timeout: 10_000, interval: 5 }).toEqual(wanted);
    await until({ events: 'taken', system: 'taken' });
    free = 40e6;
    await until({ events: 'disk_full', system: 'taken' });
    free = 0;
    await until({ events: 'disk_full', system: 'disk_full' });
    const [held] = await log.bounds('events');
    expect(held!.end - held!.start).toBeGreaterThan(0);
    await log.expire();
    expect(await log.bounds('events')).toEqual([{ partition: 0, start: held!.end, end: held!.end }]);
    // Above the floor, but not by enough for it to stay.
    free = 51e6;
    await until({ events: 'disk_full', system: 'taken' });
    free = 100e6;
    await until({ events: 'taken', system: 'taken' });
    await log.close();
  });

  it('keeps blocks ahead of what it uses', async () => {
    const log = await openOn(() => 1e9);
    await log.ensureTopics([SPEC]);
    for (let i = 0; i < 30; i++) await log.append('events', i % 3, [recordOf('x'.repeat(200_000))]);
    const { size, blocks } = await stat(join(folder, 'data.mdb'));
    expect(blocks * 512).toBeGreaterThanOrEqual(size);
    expect(size - (await usedBytes())).toBeGreaterThanOrEqual(HEADROOM);
    await log.close();
  });
});
