/**
 * From the start of the process that `npm start` runs until /ready answers 200: with an empty folder, and with a day's
 * data; alternating with a Node that does nothing.
 * `node bench/start-up.bench.ts [events of the day] [rounds]` writes results/start-up.json.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../tests/testing/free-port.ts';
import { startMillrace } from '../tests/testing/millrace-process.ts';
import { median, rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { fillDay } from './start-up-day.ts';
import { writeResult } from './write-result.ts';

const EVENTS = Number(process.argv[2] ?? scaled(144_000, 1_000));
const ROUNDS = Number(process.argv[3] ?? scaled(5, 1));
const LOOK = 5;

async function startNode(): Promise<number> {
  const begun = performance.now();
  const [code] = await once(spawn(process.execPath, ['-e', '0']), 'exit');
  if (code !== 0) throw new Error(`node -e 0 ended with ${code}`);
  return performance.now() - begun;
}

/** ms until it is ready; it is stopped again. */
async function startUp(data: string): Promise<number> {
  const port = await freePort();
  const begun = performance.now();
  const millrace = await startMillrace({ data, port, env: { UV_THREADPOOL_SIZE: '16' } });
  try {
    while ((await fetch(`${millrace.url}/ready`)).status !== 200) {
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
    return performance.now() - begun;
  } finally {
    await millrace.stop();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'millrace-start-'));
try {
  const day = join(folder, 'day');
  const bytes = await fillDay(day, await freePort(), EVENTS);
  const took: Record<'node' | 'empty' | 'day', number[]> = { node: [], empty: [], day: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const empty = join(folder, `empty-${round}`);
    // Each start has the same folder before it, as a crash or a stop left it.
    const copy = join(folder, `day-${round}`);
    await cp(day, copy, { recursive: true });
    took.node.push(await startNode());
    took.empty.push(await startUp(empty));
    took.day.push(await startUp(copy));
    await Promise.all([empty, copy].map((used) => rm(used, { recursive: true, force: true })));
  }
  const row = (name: keyof typeof took, start: string, data: object) => ({
    start,
    ...data,
    readyMs: Math.round(median(took[name])),
    toNode: rounded(median(took[name].map((ms, i) => ms / took.node[i]!)), 1),
  });
  await writeResult({
    name: 'start-up',
    what: 'start of the embedded process until /ready answers 200, beside `node -e 0`',
    command: 'node bench/start-up.bench.ts',
    conditions: {
      rounds: `median of ${ROUNDS}, in turn`,
      profile:
        'embedded: one process, LMDB and chDB, default settings; files are in the cache of the machine',
      day: 'events spread over the last 24 hours, counted by three metrics of 1 m windows',
    },
    rows: [
      row('node', 'node -e 0', {}),
      row('empty', 'embedded, empty folder', { events: 0 }),
      row('day', "embedded, a day's data", { events: EVENTS, folderMB: rounded(bytes / 1e6, 1) }),
    ],
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
