import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { partitionOf } from '#contracts/log/partitioner.ts';
import { eventually } from '../testing/eventually.ts';
import { countHits, defineHits, idsOf, sendHits } from './hits.ts';
import { useMillrace } from './use-millrace.ts';

const millrace = useMillrace();
const PARTITIONS = 4;
const VICTIM = 'victim-A';
/** Its last letter with one bit flipped. */
const CHANGED = 'victim-@';

/** Flips one bit at every occurrence of the text in the log's file; a second flip undoes it. */
async function flip(text: string): Promise<void> {
  const file = join(millrace.data, 'log', 'data.mdb');
  const bytes = await readFile(file);
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1), found++)
    bytes[at + text.length - 2]! ^= 1;
  expect(found).toBeGreaterThan(0);
  await writeFile(file, bytes);
}

const part = (id: string): number => partitionOf(new TextEncoder().encode(id), PARTITIONS);
const elsewhere = (ids: readonly string[]): number => ids.filter((id) => part(id) !== part(VICTIM)).length;

async function folded(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = /^millrace_aggregator_events_total\{outcome="folded"\} (\d+)$/m.exec(text);
  return Number(found?.[1] ?? 0);
}

/*
 * An event's text is in the file once. Another letter in its id leaves valid JSON: without a checksum it would be counted
 * as another event.
 */
it('a flipped bit in an acknowledged event: its partition stops and says so, others continue, a backup repairs it', async () => {
  // Nothing is committed to the Store but what is folded before: the damaged record has to be read again.
  const first = await millrace.start({ MILLRACE_FLUSH: '60s' });
  await defineHits(first.url);
  const before = [...idsOf('before', 999), VICTIM];
  expect(await sendHits(first.url, before)).toMatchObject({ status: 200 });
  await first.kill();
  await flip(`"id":"${VICTIM}"`);

  const second = await millrace.start();
  const ready = async () => {
    const answer = await fetch(`${second.url}/ready`);
    return { status: answer.status, ...((await answer.json()) as { detail?: string }) };
  };
  const { detail } = await eventually(ready, ({ detail = '' }) => detail.includes('is damaged'));
  expect(detail).toMatch(
    new RegExp(
      `^aggregator: The log's file .*data\\.mdb is damaged: record \\d+ of events/${part(VICTIM)} is corrupt\\. .*restore Log and Store from the same backup\\.$`,
    ),
  );
  expect((await fetch(`${second.url}/live`)).status).toBe(200);
  const during = idsOf('during', 1_000);
  expect(await sendHits(second.url, during)).toMatchObject({ status: 200 });
  // Views end at the position of the slowest partition, so panels are stale and say so; nothing of the others is lost.
  const whole = elsewhere([...before, ...during]);
  await eventually(
    () => folded(second.url),
    (n) => n === whole,
  );
  expect(second.output().match(/log_damaged/g)).toHaveLength(1);
  expect(await ready()).toMatchObject({ status: 503 });
  expect(await second.stop()).toBe(0);

  await flip(`"id":"${CHANGED}"`);
  const third = await millrace.start();
  await eventually(
    () => countHits(third.url),
    (n) => n === before.length + during.length,
  );
  await eventually(
    async () => (await fetch(`${third.url}/ready`)).status,
    (status) => status === 200,
  );
  expect(await countHits(third.url)).toBe(before.length + during.length);
});
