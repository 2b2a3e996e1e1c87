import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { countHits, defineHits, idsOf, type Sent, sendHits } from './hits.ts';
import { useMillrace } from './use-millrace.ts';

const millrace = useMillrace();
const LOST: Sent = { status: 503, code: 'data_folder_lost' };

/** The process may make a file in a folder while it goes. */
const remove = (path: string): Promise<void> => rm(path, { recursive: true, maxRetries: 20 });
const readyOf = async (url: string): Promise<number> => (await fetch(`${url}/ready`)).status;

async function startWithEvents(): Promise<Awaited<ReturnType<typeof millrace.start>>> {
  const running = await millrace.start();
  await defineHits(running.url);
  expect(await sendHits(running.url, idsOf('before', 1_000))).toMatchObject({ status: 200 });
  await eventually(
    () => countHits(running.url),
    (n) => n === 1_000,
  );
  return running;
}

it.each([
  ['all data is deleted', (data: string) => remove(data)],
  ['the folder of the Log is deleted', (data: string) => remove(join(data, 'log'))],
  ['the file of the Log is deleted', (data: string) => rm(join(data, 'log', 'data.mdb'))],
  [
    'all data is replaced by an empty folder',
    async (data: string) => {
      await remove(data);
      await mkdir(join(data, 'log'), { recursive: true });
    },
  ],
])('%s: no further event is acknowledged, not ready, logged, and it stops', async (_, lose) => {
  const { url, output, stop } = await startWithEvents();
  await lose(millrace.data);
  // At once: before another event is acknowledged, not at some later check.
  expect(await sendHits(url, idsOf('after', 10))).toEqual(LOST);
  await eventually(
    () => readyOf(url),
    (status) => status === 503,
  );
  expect((await fetch(`${url}/live`)).status).toBe(200);
  await eventually(output, (text) => text.includes('data_folder_lost'));
  await stop();
});

it('the folder of the Store is deleted: refused by the next check, not ready', async () => {
  const { url } = await startWithEvents();
  await remove(join(millrace.data, 'store'));
  await eventually(
    () => readyOf(url),
    (status) => status === 503,
  );
});

it('all data is moved away and back: refused, then it goes on by itself', async () => {
  const { url, kill } = await startWithEvents();
  const away = `${millrace.data}-away`;
  await rename(millrace.data, away);
  expect(await sendHits(url, idsOf('meanwhile', 100))).toEqual(LOST);
  await rename(away, millrace.data);
  await eventually(
    () => sendHits(url, idsOf('meanwhile', 100)),
    ({ status }) => status === 200,
  );
  await eventually(
    () => countHits(url),
    (n) => n === 1_100,
  );
  await kill();
  const again = await millrace.start();
  await eventually(
    () => countHits(again.url),
    (n) => n === 1_100,
  );
});
