import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { countHits, defineHits, idsOf, sendHits } from './hits.ts';
import { useMillrace } from './use-millrace.ts';

const FOLLOWER = fileURLToPath(new URL('./frozen-follower.ts', import.meta.url));

/*
 * The server drops a page after less than a minute of silence, so one that sleeps for ten wakes without a connection
 * and with an old cursor. A real process is frozen here for seconds: once while its connection stays, and once
 * while it ends, which is what every longer sleep comes to.
 */
const millrace = useMillrace();
let page: ChildProcess;
afterEach(() => {
  page.kill('SIGKILL');
});

/** Totals that the page has shown, in order. */
function openPage(url: string): number[] {
  const shown: number[] = [];
  page = spawn(process.execPath, [FOLLOWER, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface(page.stdout!).on('line', (line) => shown.push(Number(line)));
  return shown;
}

const reach = (shown: number[], total: number): Promise<unknown> =>
  eventually(
    () => shown.at(-1),
    (last) => last === total,
  );

/** Sends batches of 100 events one by one, so that each would cause a frame of its own. */
async function sendBatches(url: string, name: string, batches: number): Promise<void> {
  for (let i = 0; i < batches; i++) {
    expect(await sendHits(url, idsOf(`${name}${i}`, 100))).toMatchObject({ status: 200 });
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

it('frozen while its connection stays: shows everything soon after it wakes', async () => {
  const { url } = await millrace.start();
  await defineHits(url);
  const shown = openPage(url);
  await sendBatches(url, 'before', 1);
  await reach(shown, 100);
  page.kill('SIGSTOP');
  await sendBatches(url, 'during', 50);
  expect(shown.at(-1)).toBe(100);
  page.kill('SIGCONT');
  await reach(shown, 5_100);
  await sendBatches(url, 'after', 1);
  await reach(shown, 5_200);
});

it('frozen while its connection ends and the server restarts: resumes from its cursor', async () => {
  const first = await millrace.start();
  await defineHits(first.url);
  const shown = openPage(first.url);
  await sendBatches(first.url, 'before', 1);
  await reach(shown, 100);
  page.kill('SIGSTOP');
  await sendBatches(first.url, 'during', 20);
  await first.kill();
  const { url } = await millrace.start();
  await sendBatches(url, 'meanwhile', 20);
  await eventually(
    () => countHits(url),
    (count) => count === 4_100,
  );
  page.kill('SIGCONT');
  await reach(shown, 4_100);
  // What came before the end of the connection, 2,100 events, lay in its buffers; all the rest is one merged answer.
  expect(new Set(shown.filter((total) => total > 2_100))).toEqual(new Set([4_100]));
  for (const [i, total] of shown.entries()) expect(total).toBeGreaterThanOrEqual(shown[i - 1] ?? 0);
});
