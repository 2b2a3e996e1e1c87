import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TopicSpec } from '#contracts/log/topics.ts';
import { openLmdbStorage } from '../lmdb/lmdb-storage.ts';
import type { ConsumerHandlers } from '../log.ts';
import { createRecorder, eventually, recordOf, textOf } from '../log-harness.conformance.ts';
import { createLocalLog, LOCAL_LOG_DEFAULTS, type LocalLog, type LocalLogOptions } from './local-log.ts';
import { createMemoryStorage } from './memory-storage.ts';
import type { Storage } from './storage.ts';

const SPEC: TopicSpec = { name: 'events', partitions: 2, retention: 1_000, bytes: null };

describe.each(['memory', 'LMDB'])('a local log on %s', (kind) => {
  let folder: string;
  let storage: Storage;
  let log: LocalLog;
  let now: number;

  const openLog = (options: Partial<LocalLogOptions> = {}) =>
    createLocalLog(storage, { ...LOCAL_LOG_DEFAULTS, clock: () => now, ...options });
  /** As a restart would: memory cannot lose its object, LMDB reads everything from disk again. */
  const reopen = async (options: Partial<LocalLogOptions> = {}) => {
    await log.close();
    if (kind === 'LMDB') storage = await openLmdbStorage(folder);
    log = openLog(options);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-log-'));
    storage = kind === 'LMDB' ? await openLmdbStorage(folder) : createMemoryStorage();
    now = 0;
    log = openLog();
    await log.ensureTopics([SPEC]);
  });
  afterEach(async () => {
    await log.close();
    await rm(folder, { recursive: true });
  });
  const append = (...texts: string[]) => log.append('events', 0, texts.map(recordOf));
  const bounds = async () => (await log.bounds('events'))[0];

  it('drops by time, never reuses an offset, and knows both after a restart', async () => {
    await append('a', 'b');
    now = 600;
    await append('c');
    now = 1_100;
    await log.expire();
    expect(await bounds()).toEqual({ partition: 0, start: 2, end: 3 });
    now = 5_000;
    await log.expire();
    expect(await bounds()).toEqual({ partition: 0, start: 3, end: 3 });
    await reopen();
    expect(await bounds()).toEqual({ partition: 0, start: 3, end: 3 });
    expect(await append('d')).toEqual([3]);
    expect(storage.read('events', 0, 2)).toBeNull();
  });

  it('drops by bytes down to the bound, more than one step of it', async () => {
    await log.ensureTopics([{ ...SPEC, retention: null, bytes: 2_000 }]);
    await append(...Array.from({ length: 2_500 }, (_, i) => `record ${i}`));
    await log.expire();
    const { start, end } = (await bounds())!;
    expect(end).toBe(2_500);
    expect(end - start).toBeGreaterThan(10);
    expect(end - start).toBeLessThan(100);
  });

  it('keeps what is not released, also after a restart, and by releasing 0 from the start', async () => {
    await append('a', 'b', 'c');
    await log.append('events', 1, [recordOf('d')]);
    await log.release('events', 0, 2);
    await log.release('events', 0, 1);
    await reopen();
    now = 10_000;
    await log.expire();
    expect(await log.bounds('events')).toEqual([
      { partition: 0, start: 2, end: 3 },
      { partition: 1, start: 0, end: 1 },
    ]);
    await log.release('events', 1, 0);
    await log.expire();
    expect((await log.bounds('events'))[1]).toEqual({ partition: 1, start: 0, end: 1 });
  });

  it('expires by itself', async () => {
    await append('a');
    await reopen({ expireEvery: 1 });
    now = 5_000;
    await eventually(async () => expect(await bounds()).toEqual({ partition: 0, start: 1, end: 1 }));
  });

  it('ends a reader that retention has overtaken, or that comes too late', async () => {
    const gate = Promise.withResolvers<void>();
    const failures: Error[] = [];
    const texts: string[] = [];
    await reopen({ batch: { records: 1, bytes: 1_000 } });
    await append('a', 'b', 'c');
    await log.tail(
      'events',
      0,
      0,
      (r) => {
        texts.push(...r.map(textOf));
        return gate.promise;
      },
      (e) => failures.push(e),
    );
    await eventually(() => expect(texts).toEqual(['a']));
    now = 5_000;
    await log.expire();
    gate.resolve();
    await eventually(() => expect(failures).toHaveLength(1));
    await log.tail(
      'events',
      0,
      1,
      () => {},
      (e) => failures.push(e),
    );
    await eventually(() => expect(failures).toHaveLength(2));
    for (const failure of failures) expect(failure).toMatchObject({ code: 'position_out_of_bounds' });
    expect(texts).toEqual(['a']);
  });

  it('delivers in batches within the bounds, a larger record alone', async () => {
    await reopen({ batch: { records: 3, bytes: 200 } });
    await append('a', 'b', 'c', 'd', 'e'.repeat(300), 'f'.repeat(75), 'g'.repeat(75), 'h'.repeat(75));
    const batches: string[] = [];
    const member = createRecorder([0, 0], (_, texts) => void batches.push(texts.map((t) => t[0]).join('')));
    await log.consume('events', 'g', member);
    await eventually(() => expect(member.texts[0]).toHaveLength(8));
    expect(batches).toEqual(['abc', 'd', 'e', 'fg', 'h']);
  });

  it('takes a changed retention of a topic that exists', async () => {
    await append('a');
    await log.ensureTopics([{ ...SPEC, retention: null }]);
    now = 10_000;
    await log.expire();
    expect((await bounds())!.start).toBe(0);
    await reopen();
    await log.expire();
    expect((await bounds())!.start).toBe(0);
  });

  it('names a topic or partition that does not exist', async () => {
    await expect(log.bounds('updates')).rejects.toThrow('Topic updates does not exist');
    await expect(log.append('events', 2, [recordOf('a')])).rejects.toThrow('Topic events has no partition 2');
  });

  it('lets the old owner finish giving up before the new one starts', async () => {
    const steps: string[] = [];
    const gate = Promise.withResolvers<void>();
    const member = (name: string): ConsumerHandlers => ({
      assigned: async (partition) => {
        steps.push(`${name} has ${partition}`);
        return 0;
      },
      revoked: async (partition) => {
        steps.push(`${name} leaves ${partition}`);
        await gate.promise;
        steps.push(`${name} left ${partition}`);
      },
      batch: async () => {},
      failed: (error) => void steps.push(String(error)),
    });
    await log.consume('events', 'g', member('a'));
    await eventually(() => expect(steps).toHaveLength(2));
    await log.consume('events', 'g', member('b'));
    await eventually(() => expect(steps).toHaveLength(3));
    // A member of another group that comes later has both.
    const later = createRecorder([0, 0]);
    await log.consume('events', 'later', later);
    await eventually(() => expect(later.owned.size).toBe(2));
    expect(steps).toHaveLength(3);
    gate.resolve();
    await eventually(() => expect(steps).toHaveLength(5));
    expect(steps).toEqual(['a has 0', 'a has 1', 'a leaves 1', 'a left 1', 'b has 1']);
  });

  it('lets a handler append while the log closes', async () => {
    let last: number[] = [];
    const member = createRecorder([0, 0]);
    await log.consume('events', 'g', {
      ...member,
      revoked: async (partition) => {
        last = await log.append('events', partition, [recordOf('goodbye')]);
      },
    });
    await eventually(() => expect(member.owned.size).toBe(2));
    await log.close();
    expect(last).toEqual([0]);
  });
});
