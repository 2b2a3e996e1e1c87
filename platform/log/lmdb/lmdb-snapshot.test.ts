import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogRecord } from '../log.ts';
import { type LmdbLog, openLmdbLog } from './lmdb-log.ts';
import type { LogSnapshot } from './lmdb-snapshot.ts';

const TOPIC = { name: 'events', partitions: 2, retention: null, bytes: null } as const;

let folder: string;
let copy: string;
const opened: LmdbLog[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-snapshot-'));
  copy = await mkdtemp(join(tmpdir(), 'millrace-snapshot-'));
});
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
  for (const path of [folder, copy]) await rm(path, { recursive: true, force: true });
});

async function openIn(path: string): Promise<LmdbLog> {
  const log = await openLmdbLog({ folder: path });
  opened.push(log);
  await log.ensureTopics([TOPIC]);
  return log;
}

const record = (text: string): LogRecord => ({
  key: null,
  headers: {},
  value: Buffer.from(text.padEnd(3_000, '.')),
});

async function copyOf({ file, bytes, head }: LogSnapshot): Promise<void> {
  const source = await open(file, 'r');
  const whole = Buffer.alloc(bytes);
  await source.read(whole, 0, bytes, 0);
  whole.set(head);
  await source.close();
  await writeFile(join(copy, 'data.mdb'), whole);
}

async function textsOf(log: LmdbLog, partition: number): Promise<string[]> {
  const [bounds] = (await log.bounds('events')).filter((one) => one.partition === partition);
  const texts: string[] = [];
  if (bounds === undefined || bounds.start === bounds.end) return texts;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const tail = await log.tail(
    'events',
    partition,
    bounds.start,
    async (batch) => {
      texts.push(...batch.map(({ value }) => Buffer.from(value).toString().replace(/\.+$/, '')));
      if (texts.length === bounds.end - bounds.start) resolve();
    },
    reject,
  );
  await promise;
  await tail.close();
  return texts;
}

it('a copy that is made when others have come and gone is the moment of the snapshot, whole', async () => {
  const log = await openIn(folder);
  for (let i = 0; i < 100; i++) await log.append('events', i % 2, [record(`before ${i}`)]);
  const snapshot = await log.snapshot();
  await log.ensureTopics([{ ...TOPIC, bytes: 1 }]);
  for (let i = 0; i < 200; i++) {
    await log.append('events', i % 2, [record(`after ${i}`), record('more')]);
    // What goes makes room, which the next commits use.
    await log.release('events', i % 2, i);
    await log.expire();
  }
  await copyOf(snapshot);
  snapshot.release();
  snapshot.release();
  const restored = await openIn(copy);
  for (const partition of [0, 1])
    expect(await textsOf(restored, partition)).toEqual(
      Array.from({ length: 50 }, (_, i) => `before ${2 * i + partition}`),
    );
  await restored.append('events', 0, [record('next')]);
  expect((await textsOf(restored, 0)).at(-1)).toBe('next');
});

it('the pages it pinned are used again once it is released', async () => {
  const log = await openIn(folder);
  await log.ensureTopics([{ ...TOPIC, bytes: 1 }]);
  const [rounds, records] = [20, 20];
  /** Everything that is written goes again. */
  const churn = async (): Promise<number> => {
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < records; i++) await log.append('events', 0, [record(`${i}`)]);
      await log.release('events', 0, (await log.bounds('events'))[0]!.end);
      await log.expire();
    }
    const { bytes, release } = await log.snapshot();
    release();
    return bytes;
  };
  const { release } = await log.snapshot();
  const held = await churn();
  release();
  const freed = await churn();
  const written = rounds * records * 3_000;
  expect(held).toBeGreaterThan(written);
  expect(freed - held).toBeLessThan(written / 4);
});

it('retention drops nothing while it is held, and goes on afterwards', async () => {
  const log = await openIn(folder);
  for (let i = 0; i < 10; i++) await log.append('events', 0, [record(`${i}`)]);
  await log.release('events', 0, 10);
  await log.ensureTopics([{ ...TOPIC, bytes: 1 }]);
  const resume = await log.holdRetention();
  const further = await log.holdRetention();
  await log.expire();
  expect((await log.bounds('events'))[0]).toMatchObject({ start: 0, end: 10 });
  resume();
  resume();
  await log.expire();
  expect((await log.bounds('events'))[0]).toMatchObject({ start: 0 });
  further();
  await log.expire();
  expect((await log.bounds('events'))[0]).toMatchObject({ start: 10 });
});

it('a copied folder is distinguished from that of a killed process', async () => {
  const log = await openIn(folder);
  const marker = await readFile(join(folder, 'in-use.json'));
  const snapshot = await log.snapshot();
  await copyOf(snapshot);
  snapshot.release();
  await writeFile(join(copy, 'in-use.json'), marker);
  await expect(openLmdbLog({ folder: copy })).rejects.toMatchObject({ code: 'data_folder_torn' });
  await log.close();
  opened.length = 0;
  await expect(readFile(join(folder, 'in-use.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  // Half a marker says as little as a wrong one.
  await writeFile(join(copy, 'in-use.json'), marker.subarray(0, 5));
  await expect(openLmdbLog({ folder: copy })).rejects.toMatchObject({ code: 'data_folder_torn' });
  await rm(join(copy, 'in-use.json'));
  await openIn(copy);
});
