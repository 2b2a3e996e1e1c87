import { cp, mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorkload, type Workload } from '../crash/crash-workload.ts';
import { startWriter } from '../crash/writer.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { postBatch } from '../testing/post-batch.ts';
import { cells, readSeries, total } from '../testing/series.ts';
import { runBackup } from './run-backup.ts';
import { useMillrace } from './use-millrace.ts';

const SEED = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
const MINUTE = 60_000;
const JSON_BODY = { 'content-type': 'application/json' };
const METRICS = {
  hits: { event: 'hit', aggregate: 'count', groupBy: ['shop'] },
  weight: { event: 'hit', aggregate: 'sum(n)' },
  spread: { event: 'hit', aggregate: 'quantiles(n, 0.5, 0.99)' },
  marks: { event: 'mark', aggregate: 'count' },
};
/** Enough to reach every partition. */
const MARKS = 50;

const millrace = useMillrace();
let root: string;
let others: MillraceProcess[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-restored-'));
  others = [];
});
afterEach(async () => {
  for (const other of others) await other.kill();
  await rm(root, { recursive: true, force: true });
});

async function put(url: string, path: string, body: object): Promise<void> {
  const answer = await fetch(url + path, { method: 'PUT', headers: JSON_BODY, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}
async function define(url: string): Promise<void> {
  for (const [id, metric] of Object.entries(METRICS))
    await put(url, `/v1/metrics/${id}`, { window: '10s', pane: '1s', lateness: '30m', ...metric });
  const view = { metric: 'hits', groupBy: [], range: '15m' };
  const place = { x: 0, y: 0, w: 6, h: 3 };
  await put(url, '/v1/boards/shop', {
    title: 'Shop',
    panels: [{ id: 'hits', kind: 'line', title: 'Hits', place, view }],
  });
  const made = await fetch(`${url}/v1/keys`, {
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify({ name: 'shop', scope: 'write' }),
  });
  expect(made.status, await made.text()).toBe(201);
}
const get = async (url: string, path: string): Promise<unknown> => {
  const answer = await fetch(url + path);
  expect(answer.status, path).toBe(200);
  return answer.json();
};
const definitionsOf = async (url: string): Promise<unknown[]> =>
  Promise.all(['metrics', 'boards', 'boards/shop', 'keys'].map((kind) => get(url, `/v1/${kind}`)));
const sumOf = (url: string, metric: string): Promise<number> =>
  readSeries(url, metric, '?range=30m').then(total);

async function send(url: string, events: readonly object[]): Promise<void> {
  for (let i = 0; i < events.length; i += 1_000)
    expect(await postBatch(url, events.slice(i, i + 1_000), MINUTE)).toBe(true);
}

/** Resolves when everything sent before is counted: what is sent now comes after it in each partition. */
async function catchUp(url: string, round: number): Promise<void> {
  const marks = Array.from({ length: MARKS }, (_, i) => ({
    event: 'mark',
    id: `${round}-${i}`,
    key: `k${i}`,
  }));
  await send(url, marks);
  await eventually(
    () => sumOf(url, 'marks'),
    (n) => n === MARKS * (round + 1),
    MINUTE,
  );
}

/** Every value of the windows within, by metric and output. */
async function pastOf(
  url: string,
  [from, to]: [number, number],
): Promise<Record<string, [string, number][]>> {
  const found: Record<string, [string, number][]> = {};
  const outputs = { hits: ['value'], weight: ['value'], spread: ['p50', 'p99'] };
  for (const [metric, names] of Object.entries(outputs)) {
    const answer = await readSeries(url, metric, '?range=15m&window=1s');
    for (const output of names)
      found[`${metric} ${output}`] = [...cells(answer, output)]
        .filter(([cell]) => {
          const pane = Number(cell.slice(cell.lastIndexOf('|') + 1));
          return pane >= from && pane < to;
        })
        .sort();
  }
  return found;
}

interface Load {
  loads: Workload[];
  /** Ids of what is on disk, what was sent before included. */
  acknowledged: ReadonlySet<string>;
  stop(): Promise<void>;
}

function startLoad(url: string, before: Workload): Load {
  const loads = [1, 2].map((n) => createWorkload(SEED + n, { prefix: `load${n}-` }));
  const acknowledged = new Set(before.unique.keys());
  const writers = loads.map(({ next }) => {
    let last: string[] = [];
    return startWriter(url, () => {
      // The next batch is requested only when the last one was acknowledged.
      for (const id of last) acknowledged.add(id);
      const batch = next(Date.now());
      last = batch.map(({ id }) => id);
      return batch;
    });
  });
  return {
    loads,
    acknowledged,
    stop: async () => {
      await Promise.all(writers.map((writer) => writer.stop()));
    },
  };
}

it(`a backup under load, restored after a kill -9: earlier events once, the past unchanged (CRASH_SEED=${SEED})`, async () => {
  const running = await millrace.start({ MILLRACE_PARTITIONS: '4' });
  const { url } = running;
  await define(url);
  // The closed past, and the load of now in other windows, beside which the backup is made.
  const past = createWorkload(SEED, { prefix: 'past' });
  const began = Date.now();
  for (let i = 0; i < 25; i++) await send(url, past.next(began - 10 * MINUTE));
  const { loads, acknowledged, stop } = startLoad(url, past);
  const pastSent = past.unique.size;
  await eventually(
    () => acknowledged.size,
    (n) => n > pastSent + 5_000,
    MINUTE,
  );
  const before = new Set(acknowledged);
  const env = { MILLRACE_DATA: millrace.data };
  const target = join(root, 'backup');
  const backup = await runBackup('backup', target, env);
  expect(backup).toEqual({ code: 0, output: expect.stringMatching(/^Backed up .* files, /) });
  const within: [number, number] = [began - 11 * MINUTE, began - 9 * MINUTE];
  const original = { past: await pastOf(url, within), definitions: await definitionsOf(url) };
  expect(original.past['hits value']!.reduce((sum, [, n]) => sum + n, 0)).toBe(pastSent);
  for (const cellsOf of Object.values(original.past)) expect(cellsOf.length).toBeGreaterThan(10);
  await stop();
  await running.kill();

  const data = join(root, 'data');
  const restored = await runBackup('restore', target, { MILLRACE_DATA: data });
  expect(restored).toEqual({ code: 0, output: expect.stringMatching(/^Restored /) });
  const again = await startMillrace({ data, port: await freePort(), env: { MILLRACE_PARTITIONS: '4' } });
  others.push(again);
  await catchUp(again.url, 0);
  expect(await pastOf(again.url, within)).toEqual(original.past);
  expect(await definitionsOf(again.url)).toEqual(original.definitions);

  // What was acknowledged before is there, each once: its repeats change nothing.
  const all = new Map([past, ...loads].flatMap(({ unique }) => [...unique]));
  const counted = await sumOf(again.url, 'hits');
  expect(counted).toBeGreaterThanOrEqual(before.size);
  await send(
    again.url,
    [...before].map((id) => all.get(id)!),
  );
  await catchUp(again.url, 1);
  expect(await sumOf(again.url, 'hits')).toBe(counted);
  // And with the repeats of all that was ever sent, it is all there is.
  await send(again.url, [...all.values()]);
  await catchUp(again.url, 2);
  expect(await sumOf(again.url, 'hits')).toBe(all.size);
  expect(await sumOf(again.url, 'weight')).toBe(
    [...all.values()].reduce((sum, e) => sum + e.properties.n, 0),
  );

  // In order this time, and what was stopped can be copied by anything.
  expect(await again.stop()).toBe(0);
  await cp(data, join(root, 'copied'), { recursive: true });
  const copied = await startMillrace({
    data: join(root, 'copied'),
    port: await freePort(),
    env: { MILLRACE_PARTITIONS: '4' },
  });
  others.push(copied);
  await catchUp(copied.url, 3);
  expect(await sumOf(copied.url, 'hits')).toBe(all.size);
});

it('a plain copy of a folder in use is named as such, and nothing is advised about space', async () => {
  const { url, kill } = await millrace.start();
  await define(url);
  const load = createWorkload(SEED);
  const writer = startWriter(url, () => load.next(Date.now()));
  await eventually(
    () => load.unique.size,
    (n) => n > 5_000,
    MINUTE,
  );
  const copies = [join(root, 'running'), join(root, 'killed')];
  await cp(millrace.data, copies[0]!, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  await writer.stop();
  await kill();
  await cp(millrace.data, copies[1]!, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  for (const data of copies) {
    const words = await startMillrace({ data, port: await freePort() }).then(
      () => 'It started.',
      (error: Error) => error.message,
    );
    expect(words).toMatch(/^It ended with 1:/);
    expect(words).toMatch(
      /^Millrace: .* is a copy .*"npm run backup" makes a consistent one.*\(data_folder_torn\)$/m,
    );
    expect(words).not.toMatch(/space| {4}at /);
    expect(await runBackup('backup', join(root, 'of-copy'), { MILLRACE_DATA: data })).toEqual({
      code: 1,
      output: expect.stringContaining('(data_folder_torn)'),
    });
  }
  // The killed one continues where it is; its copy does once the operator confirms that nothing ran.
  await rm(join(copies[1]!, 'log', 'in-use.json'));
  const adopted = await startMillrace({ data: copies[1]!, port: await freePort() });
  others.push(adopted);
  await eventually(
    () => sumOf(adopted.url, 'hits'),
    (n) => n === load.unique.size,
    MINUTE,
  );
  await millrace.start();
});

it('a backup that has lost a half, and a folder whose Store was cut, are named, with what to do', async () => {
  const { url, stop } = await millrace.start();
  await define(url);
  const load = createWorkload(SEED);
  await send(url, load.next(Date.now()));
  await eventually(
    () => sumOf(url, 'hits'),
    (n) => n === load.unique.size,
  );
  expect(await stop()).toBe(0);
  const target = join(root, 'backup');
  expect(await runBackup('backup', target, { MILLRACE_DATA: millrace.data })).toMatchObject({ code: 0 });
  await rm(join(target, 'log'), { recursive: true });
  const restored = await runBackup('restore', target, { MILLRACE_DATA: join(root, 'data') });
  expect(restored).toEqual({
    code: 1,
    output: expect.stringMatching(/^Millrace: .*data\.mdb is missing.*\(backup_unusable\)\n$/),
  });
  const store = join(millrace.data, 'store', 'store');
  const files = (await readdir(store, { recursive: true })).filter((path) => path.endsWith('data.bin'));
  expect(files.length).toBeGreaterThan(0);
  for (const path of files) await truncate(join(store, path), 1);
  for (let start = 0; start < 2; start++) {
    const words = await millrace.start().then(
      () => 'It started.',
      (error: Error) => error.message,
    );
    expect(words).toMatch(
      /^Millrace: The Store in .* is damaged: part .*"npm run backup".*\(store_damaged\)$/m,
    );
  }
});
