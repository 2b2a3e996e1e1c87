import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalLog } from '../local/local-log.ts';
import type { ConsumerHandlers } from '../log.ts';
import { createRecorder, eventually, recordOf, SPECS, textOf } from '../log-harness.conformance.ts';
import { openLmdbLog } from './lmdb-log.ts';

const HOUR = 3_600_000;
const textAt = (partition: number, offset: number): string =>
  `record ${partition}.${offset} `.padEnd(900, '.');

let folder: string;
let file: string;
let now: number;
let log: LocalLog | null;
/** Three records in each partition of `events`. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-log-'));
  file = join(folder, 'data.mdb');
  now = 1_000;
  const written = await openLog();
  for (const { partition } of await written.bounds('events'))
    for (const offset of [0, 1, 2])
      await written.append('events', partition, [recordOf(textAt(partition, offset))]);
  await written.close();
});
afterEach(async () => {
  await log?.close();
  await rm(folder, { recursive: true });
});

async function openLog(): Promise<LocalLog> {
  log = null;
  log = await openLmdbLog({ folder, clock: () => now, batch: { records: 10, bytes: 100_000 } });
  await log.ensureTopics(SPECS.map((spec) => (spec.name === 'events' ? { ...spec, retention: HOUR } : spec)));
  return log;
}

/** Flips one bit at every occurrence of the text: older pages hold copies. */
async function flip(text: string, behind = 0): Promise<void> {
  const bytes = await readFile(file);
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
    bytes[at + text.length + behind]! ^= 4;
    found++;
  }
  expect(found).toBeGreaterThan(0);
  await writeFile(file, bytes);
}

const DAMAGED = { code: 'log_damaged', message: expect.stringContaining('record 1 of events/2') };

describe('flipped bytes of the log', () => {
  it('end the reading of a partition at the damaged record, and of no other', async () => {
    await flip('record 2.1 ', 5);
    const opened = await openLog();
    const stopped: unknown[] = [];
    const member = createRecorder([0, 0, 0, 0]);
    const handlers: ConsumerHandlers = { ...member, stopped: (...of) => void stopped.push(of) };
    const joined = await opened.consume('events', 'g', handlers);
    await eventually(() => expect(stopped).toEqual([[2, expect.objectContaining(DAMAGED)]]));
    await opened.append('events', 2, [recordOf('behind it')]);
    await opened.append('events', 3, [recordOf('elsewhere')]);
    const sound = (partition: number) => [0, 1, 2].map((offset) => textAt(partition, offset));
    await eventually(() =>
      expect(member.texts).toEqual([sound(0), sound(1), [textAt(2, 0)], [...sound(3), 'elsewhere']]),
    );
    await joined.close();
    expect(member.failures).toEqual([]);
    expect(stopped).toHaveLength(1);
  });

  it('end a tail, and a consumer that cannot go on without the partition', async () => {
    await flip('record 2.1 ');
    const opened = await openLog();
    const texts: string[] = [];
    const failures: Error[] = [];
    await opened.tail(
      'events',
      2,
      0,
      (records) => void texts.push(...records.map(textOf)),
      (error) => failures.push(error),
    );
    await eventually(() => expect(failures).toEqual([expect.objectContaining(DAMAGED)]));
    expect(texts).toEqual([textAt(2, 0)]);
    const member = createRecorder([0, 0, 0, 0]);
    await opened.consume('events', 'g', member);
    await eventually(() => expect(member.failures).toEqual([expect.objectContaining(DAMAGED)]));
  });

  it('keep nothing from being dropped in its time', async () => {
    await flip('record 2.1 ');
    const opened = await openLog();
    await opened.expire();
    expect((await opened.bounds('events'))[2]).toMatchObject({ start: 0, end: 3 });
    now += 2 * HOUR;
    await opened.expire();
    expect((await opened.bounds('events'))[2]).toMatchObject({ start: 3, end: 3 });
  });

  it.each([
    ['the bounds of a partition', '{"start":0,"end":', 0],
    ['the name of its bounds', 'state/events/', 0],
    ['what a topic is', '"retention":3600', 0],
  ])('in %s are refused at the start', async (_, text, behind) => {
    await flip(text, behind);
    await expect(openLog()).rejects.toMatchObject({ code: 'log_damaged' });
  });
});

it('a log of an older version is refused with what to do', async () => {
  const env = open({ path: folder, maxDbs: 10 });
  await env.openDB({ name: 'meta', encoding: 'json' }).put('format', 1);
  await env.close();
  await expect(openLog()).rejects.toMatchObject({
    code: 'unsupported_format',
    message: expect.stringMatching(/has format 1; this version reads 2\. .*move it away/),
  });
});
