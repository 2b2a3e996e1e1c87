import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** ms a tick of /proc: 100 a second on every Linux that Node runs on. */
const TICK = 10;
const EVERY = 250;

/** CPU ms of a process since its start, and of its main thread alone. */
export function readCpu(pid: number): { all: number; main: number } {
  const ms = (path: string): number => {
    const fields = readFileSync(path, 'utf8').split(') ').at(-1)!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  };
  return { all: ms(`/proc/${pid}/stat`), main: ms(`/proc/${pid}/task/${pid}/stat`) };
}

/** What /metrics says of the way to the Store. */
interface Scrape {
  at: number;
  archiveSeconds: number;
  archived: number;
  waiting: number;
}

async function scrape(url: string): Promise<Scrape> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? 0);
  return {
    at: performance.now(),
    archiveSeconds: read('millrace_aggregator_archive_seconds_sum'),
    archived: read('millrace_aggregator_archive_seconds_count'),
    waiting: read('millrace_aggregator_pending_rows') + read('millrace_aggregator_lag_blocks'),
  };
}

export interface Archive {
  /** Receipt to commit of the newest events of flushes, ms: the middle, and the most. */
  p50: number | null;
  most: number | null;
  /** How much the delay grows in a second of load, ms; null when too few flushes ended to tell. */
  growth: number | null;
}

/** Watches how far the archive is behind until `done`; asked as a scraper of Prometheus would, only more often. */
export async function watchArchive(url: string, done: Promise<unknown>): Promise<Archive> {
  const seen: { at: number; delay: number }[] = [];
  let watching = true;
  const end = done.finally(() => {
    watching = false;
  });
  let last = await scrape(url);
  while (watching) {
    await Promise.race([sleep(EVERY), end]);
    const next = await scrape(url);
    const count = next.archived - last.archived;
    if (count > 0)
      seen.push({ at: next.at, delay: ((next.archiveSeconds - last.archiveSeconds) * 1_000) / count });
    last = next;
  }
  await end;
  const sorted = seen.map((s) => s.delay).sort((a, b) => a - b);
  const at = (i: number): number | null => (sorted[i] === undefined ? null : Math.round(sorted[i]));
  return { p50: at(sorted.length >> 1), most: at(sorted.length - 1), growth: growthOf(seen) };
}

/** Slope of the least squares line, ms a second. */
function growthOf(seen: readonly { at: number; delay: number }[]): number | null {
  if (seen.length < 3) return null;
  const mean = (of: (s: { at: number; delay: number }) => number) =>
    seen.reduce((sum, s) => sum + of(s), 0) / seen.length;
  const [at, delay] = [mean((s) => s.at), mean((s) => s.delay)];
  const over = seen.reduce((sum, s) => sum + (s.at - at) ** 2, 0);
  const up = seen.reduce((sum, s) => sum + (s.at - at) * (s.delay - delay), 0);
  return over === 0 ? null : Math.round((up / over) * 1_000);
}

/** ms until nothing waits for the Store any more; null when that takes longer than `most`. */
export async function drain(url: string, most: number): Promise<number | null> {
  const began = performance.now();
  while (performance.now() - began < most) {
    if ((await scrape(url)).waiting === 0) return Math.round(performance.now() - began);
    await sleep(EVERY);
  }
  return null;
}
