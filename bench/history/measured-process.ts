import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTurns } from '../../tests/hostile/read-turns.ts';
import { freePort } from '../../tests/testing/free-port.ts';
import { startMillrace } from '../../tests/testing/millrace-process.ts';
import { WIDE_LIMITS } from '../../tests/testing/wide-limits.ts';

/** What some work cost the process. */
export type Cost = {
  /** CPU of the loop's thread in the longest turn of the event loop, ms. */
  holdMs: number;
  /** The longest that a timer of 20 ms waited beyond its time, ms of the clock. */
  delayMs: number;
  /** The peak of resident memory above what it was before, MB. */
  growthMB: number;
};

export interface MeasuredProcess {
  url: string;
  pid: number;
  /** What has been spent since the last call, or since the start. */
  cost(): Promise<Cost>;
  stop(): Promise<void>;
}

const module = (path: string): string => new URL(path, import.meta.url).href;
const TURNS = module('../../tests/hostile/record-turns.ts');
const DELAYS = module('./record-delays.ts');
/** A turn is written when it is over, ms. */
const WRITTEN = 60;

/** Starts the embedded process of a checkout on a folder, with default settings but for the limits on callers. `notes` is a folder for what it records. */
export async function startMeasured({
  data,
  code,
  notes,
}: {
  data: string;
  code: string;
  notes: string;
}): Promise<MeasuredProcess> {
  const port = await freePort();
  const turns = join(notes, `turns-${port}`);
  const delays = join(notes, `delays-${port}`);
  const { url, pid, stop } = await startMillrace({
    data,
    port,
    code,
    nodeOptions: ['--import', TURNS, '--import', DELAYS],
    env: { ...WIDE_LIMITS, HOSTILE_TURNS: turns, HISTORY_DELAYS: delays },
  });
  let from = Date.now();
  let before = residentMB(pid, 'VmRSS');
  return {
    url,
    pid,
    async cost() {
      await sleep(WRITTEN);
      const time = { from, to: Date.now() };
      const [held, delayed] = await Promise.all([turns, delays].map((file) => readTurns(file, time)));
      const peak = residentMB(pid, 'VmHWM');
      const cost = {
        holdMs: held!.longest,
        delayMs: delayed!.longest,
        growthMB: Math.round(Math.max(0, peak - before)),
      };
      from = time.to;
      // The system's peak starts again from what is resident now.
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
      before = residentMB(pid, 'VmRSS');
      return cost;
    },
    stop: async () => void (await stop()),
  };
}

const residentMB = (pid: number, field: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
