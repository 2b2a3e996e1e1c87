import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../testing/free-port.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { type Attack, OPERATOR_KEY } from './attack.ts';
import { countHonest } from './count-honest.ts';
import type { Figures } from './figures.ts';
import { measureAttack } from './measure-attack.ts';
import { readTurns } from './read-turns.ts';
import { secondsSince } from './seconds-since.ts';

export interface RunOptions {
  /** All variants, and more of each. */
  long: boolean;
  /** ms of CPU for the attack, and for all to be well again after it. */
  limit: number;
}

/** The smallest profile that Millrace is made for: this heap, the least memory of the Store, one core. */
const HEAP_MB = 512;
const CORE = availableParallelism() > 1 ? availableParallelism() - 1 : undefined;
const PROFILE = {
  MILLRACE_STORE_MEMORY: '500000000',
  MILLRACE_DRAIN: '2s',
  MILLRACE_LOG_LEVEL: 'error',
  UV_THREADPOOL_SIZE: '16',
};
/** What a stop may take: the drain, and 10 s for the last flush (embedded/main.ts). */
export const STOP_SECONDS = 12;
const KILL_AFTER = 20_000;
const START_WITHIN = 60_000;
const SAID = 600;
const TURNS = new URL('./record-turns.ts', import.meta.url).href;
/** A folder for CPU profiles of the process, to find what a long turn did. */
const { HOSTILE_PROFILES } = process.env;
const PROFILER = HOSTILE_PROFILES === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', HOSTILE_PROFILES];

/** Runs one attack against a process of its own and returns the figures; judges nothing. */
export async function runAttack(attack: Attack, { long, limit }: RunOptions): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-hostile-'));
  // The process makes it, as it does where it starts for the first time.
  const data = join(folder, 'data');
  const key = attack.keyed ? OPERATOR_KEY : null;
  const faults: string[] = [];
  let millrace: MillraceProcess | null = null;
  try {
    await attack.prepare?.(data);
    const turns = join(folder, 'turns');
    const start = await prepareStart(attack, data, turns);
    millrace = await start();
    const measured = await measureAttack(attack, millrace, { key, long, limit, faults });
    const stop = await stopProcess(millrace);
    measured.release();
    const held = await readTurns(turns, measured.time);
    const said = millrace.output().slice(-SAID);
    await attack.inspect?.(data, (words) => faults.push(words));
    const begun = performance.now();
    millrace = await start().catch((error: Error) => {
      faults.push(`It does not start again: ${error.message.slice(-SAID)}`);
      return null;
    });
    const again = {
      seconds: millrace === null ? null : secondsSince(begun),
      counted: millrace === null || attack.alone ? null : await countHonest(millrace.url, key),
    };
    return { ...measured.figures, turns: held, faults, stop, start: again, said };
  } finally {
    await millrace?.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepareStart(
  attack: Attack,
  data: string,
  turns: string,
): Promise<() => Promise<MillraceProcess>> {
  const port = await freePort();
  const keyed: Record<string, string> = attack.keyed ? { MILLRACE_ADMIN_KEY: OPERATOR_KEY } : {};
  return () =>
    startMillrace({
      data,
      port,
      ...(CORE === undefined ? {} : { core: CORE }),
      nodeOptions: [`--max-old-space-size=${HEAP_MB}`, '--import', TURNS, ...PROFILER],
      env: { ...PROFILE, ...keyed, HOSTILE_TURNS: turns, ...attack.env },
      readyWithin: START_WITHIN,
    });
}

async function stopProcess(millrace: MillraceProcess): Promise<Figures['stop']> {
  const begun = performance.now();
  const alreadyEnded = millrace.ended();
  if (alreadyEnded !== null) return { seconds: 0, ended: alreadyEnded };
  process.kill(millrace.pid, 'SIGTERM');
  while (millrace.ended() === null && performance.now() - begun < KILL_AFTER) await sleep(50);
  const ended = millrace.ended();
  await millrace.kill();
  return { seconds: secondsSince(begun), ended };
}
