import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { fillUp, useSmallDisk } from '../testing/small-disk.ts';
import { countHits, defineHits, idsOf, type Sent, sendHits } from './hits.ts';
import { useMillrace } from './use-millrace.ts';

const millrace = useMillrace();
const disk = useSmallDisk();

it('the disk of all data is full: refused with a code, alive, nothing acknowledged lost, goes on with space', async ({
  skip,
}) => {
  const missing = await disk.mount(millrace.data, 400_000_000);
  if (missing !== null) return skip(missing);
  const { url, output, kill } = await millrace.start();
  await defineHits(url);
  expect(await sendHits(url, idsOf('before', 1_000))).toEqual({ status: 200, code: null });
  const release = await fillUp(millrace.data);

  const answers: Sent[] = [];
  for (let i = 0; i < 60 && answers.filter((a) => a.status !== 200).length < 5; i++)
    answers.push(await sendHits(url, idsOf(`full${i}`, 200), 5_000));
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused).toHaveLength(5);
  for (const answer of refused) expect(answer).toEqual({ status: 503, code: 'disk_full' });
  expect((await fetch(`${url}/live`)).status).toBe(200);

  await release();
  // What was refused is sent again, as a client does; what was acknowledged is not.
  for (const [i, { status }] of answers.entries()) {
    if (status === 200) continue;
    await eventually(
      () => sendHits(url, idsOf(`full${i}`, 200)),
      (again) => again.status === 200,
    );
  }
  const all = 1_000 + 200 * answers.length;
  await eventually(
    () => countHits(url),
    (n) => n === all,
    60_000,
  );
  await eventually(
    () => output(),
    (text) => text.includes('disk_full'),
  );
  await kill();
  const again = await millrace.start();
  await eventually(
    () => countHits(again.url),
    (n) => n === all,
  );
});

it('the disk of the Store alone is full: events are taken and shown all the same, and stored with space', async ({
  skip,
}) => {
  const missing = await disk.mount(join(millrace.data, 'store'), 200_000_000);
  if (missing !== null) return skip(missing);
  const { url, output, stop } = await millrace.start();
  await defineHits(url);
  expect(await sendHits(url, idsOf('before', 1_000))).toMatchObject({ status: 200 });
  await eventually(
    () => countHits(url),
    (n) => n === 1_000,
  );
  const release = await fillUp(join(millrace.data, 'store'));
  for (const name of ['a', 'b', 'c'])
    expect(await sendHits(url, idsOf(name, 1_000), 100)).toMatchObject({ status: 200 });
  await eventually(
    () => output(),
    (text) => text.includes('disk_full'),
    60_000,
  );
  expect((await fetch(`${url}/live`)).status).toBe(200);
  await release();
  await eventually(
    () => countHits(url),
    (n) => n === 4_000,
    60_000,
  );
  expect(await stop()).toBe(0);
  const again = await millrace.start();
  await eventually(
    () => countHits(again.url),
    (n) => n === 4_000,
  );
});

/** Why the process does not start. */
async function refusal(): Promise<string> {
  const words = await millrace.start().then(
    () => 'It started.',
    (error: Error) => error.message,
  );
  expect(words).toMatch(/^It ended with 1:/);
  expect(words).not.toContain('    at ');
  return words;
}

it('a first start on a full disk: refused, and says what to do; with space it starts', async ({ skip }) => {
  const missing = await disk.mount(millrace.data, 200_000_000);
  if (missing !== null) return skip(missing);
  const release = await fillUp(millrace.data);
  const words = await refusal();
  expect(words).toMatch(
    /^Millrace: .*Make sure that the disk of .* has free space.*\((disk_full|\w+_unavailable)\)$/m,
  );
  await release();
  await millrace.start();
});

it('a further start on a full disk: starts, or is refused with what to do; nothing is lost', async ({
  skip,
}) => {
  const missing = await disk.mount(millrace.data, 400_000_000);
  if (missing !== null) return skip(missing);
  const { url, kill } = await millrace.start();
  await defineHits(url);
  expect(await sendHits(url, idsOf('before', 1_000))).toMatchObject({ status: 200 });
  await kill();
  const release = await fillUp(millrace.data);
  await millrace.start().then(
    async (second) => second.kill(),
    ({ message }: Error) =>
      expect(message).toMatch(
        /^Millrace: .*Make sure that the disk of .* has free space.*\((disk_full|\w+_unavailable)\)$/m,
      ),
  );
  await release();
  const third = await millrace.start();
  await eventually(
    () => countHits(third.url),
    (n) => n === 1_000,
  );
});
