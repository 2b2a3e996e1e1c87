import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Helper, startHelper } from '../testing/helper-process.ts';
import type { MillraceProcess } from '../testing/millrace-process.ts';
import type { Attack, Stage } from './attack.ts';
import { createAttacker } from './attacker.ts';
import { countHonest } from './count-honest.ts';
import type { Figures } from './figures.ts';
import { HONEST_DEFINITION, HONEST_METRIC } from './honest-metric.ts';
import { cpuOf } from './probe.ts';
import { descriptorsOf, watchProcess } from './process-figures.ts';
import { secondsSince } from './seconds-since.ts';
import type { Watched, WatchOrder } from './watcher.ts';

export interface Measured {
  figures: Omit<Figures, 'turns' | 'stop' | 'start' | 'said'>;
  /** From the first byte of the attack until all was well again, epoch ms. */
  time: { from: number; to: number };
  /** Ends what the attack has left open. */
  release(): void;
}

interface Measuring {
  key: string | null;
  long: boolean;
  limit: number;
  faults: string[];
}

const QUIET = 1_500;
/** Of the honest client's events, once the attack is over. */
const SETTLE = 15_000;
/** On a shared machine elapsed time says less than the CPU time of the process; the clock only ends an attack that hangs. */
const SHARED = 3;
const WATCHER = new URL('./watcher.ts', import.meta.url);

/** Measures a quiet time, the attack and the time after it, as seen by the honest client and the probe. */
export async function measureAttack(
  attack: Attack,
  millrace: MillraceProcess,
  { key, long, limit, faults }: Measuring,
): Promise<Measured> {
  const { url, pid } = millrace;
  const attacker = createAttacker(url, key);
  const open: (() => void)[] = [];
  const over = new AbortController();
  const notes: Figures['notes'] = {};
  const stage: Stage = {
    url,
    port: Number(new URL(url).port),
    key,
    long,
    attacker,
    descriptors: () => descriptorsOf(pid),
    over: over.signal,
    leaveOpen: (end) => void open.push(end),
    note: (name, value) => {
      notes[name] = value;
    },
    fault: (words) => void faults.push(words),
  };
  const watcher = startHelper(WATCHER);
  const ask = (order: WatchOrder): Promise<Watched> => watcher.ask<Watched>(order);
  try {
    const prepared = await boundedBy(millrace, limit, () => setUp(attack, stage, ask, pid));
    const quiet = await ask({ do: 'read' });
    const watching = watchProcess(pid);
    const begun = performance.now();
    const from = Date.now();
    const attacking = async (): Promise<void> => {
      await attack.run(stage);
      await untilWell(url);
    };
    const outcome = prepared === 'over' ? await boundedBy(millrace, limit, attacking) : prepared;
    const to = Date.now();
    over.abort();
    attacker.rest();
    const seen = await ask({ do: 'finish', within: outcome === 'over' ? SETTLE : 0 });
    const counted = attack.alone || outcome !== 'over' ? null : await countHonest(url, key);
    await watching.untilFilesAreClosed();
    const { memory, descriptors } = watching.read();
    watching.stop();
    const figures = {
      attack: attack.name,
      outcome,
      seconds: secondsSince(begun),
      quiet: quiet.probe,
      probe: seen.probe,
      memory,
      descriptors,
      honest: seen.honest && quiet.honest && { quietDelay: quiet.honest.delay, during: seen.honest },
      counted,
      answers: attacker.counts,
      notes,
      faults,
    };
    if (outcome === 'over') await attack.beforeStop?.(stage);
    return { figures, time: { from, to }, release: () => release(attacker.close, open) };
  } finally {
    await closeWatcher(watcher);
  }
}

async function setUp(
  attack: Attack,
  stage: Stage,
  ask: (order: WatchOrder) => Promise<Watched>,
  pid: number,
): Promise<void> {
  await attack.setUp?.(stage);
  const honest = !attack.alone;
  if (honest) {
    const { status, text } = await stage.attacker.sendJson(
      'PUT',
      `/v1/metrics/${HONEST_METRIC}`,
      HONEST_DEFINITION,
    );
    if (status !== 200 && status !== 201) throw new Error(`The honest metric is refused: ${status} ${text}`);
  }
  await ask({ do: 'watch', url: stage.url, pid, key: stage.key, honest, run: randomUUID() });
  await sleep(QUIET);
  // The cost of the first requests is not that of a quiet process.
  await ask({ do: 'read' });
  await sleep(QUIET);
}

/** Runs the attack; `over`, or why it is not: out of time, or the process has ended. */
async function boundedBy(
  millrace: MillraceProcess,
  limit: number,
  attack: () => Promise<void>,
): Promise<string> {
  const over = attack().then(
    () => 'over',
    (error: Error) => `the attack failed: ${error.message}`,
  );
  const end = performance.now() + limit * SHARED;
  const used = millrace.ended() === null ? cpuOf(millrace.pid) : 0;
  for (;;) {
    const outcome = await Promise.race([over, sleep(100, null)]);
    if (millrace.ended() !== null) return `the process ended with ${millrace.ended()}`;
    if (outcome !== null) return outcome;
    if (cpuOf(millrace.pid) - used > limit) return `not over after ${limit / 1_000} s of CPU`;
    if (performance.now() > end) return `not over in ${(limit * SHARED) / 1_000} s`;
  }
}

/** Waits until the process is ready, and says so quickly several times in a row. */
async function untilWell(url: string): Promise<void> {
  for (let good = 0; good < 5; ) {
    const begun = performance.now();
    const ready = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(30_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    good = ready && performance.now() - begun < 1_000 ? good + 1 : 0;
    await sleep(50);
  }
}

function release(close: () => void, open: readonly (() => void)[]): void {
  for (const end of open) end();
  close();
}

async function closeWatcher(watcher: Helper): Promise<void> {
  await Promise.race([watcher.ask({ do: 'close' } satisfies WatchOrder), sleep(1_000)]);
  await watcher.close();
}
