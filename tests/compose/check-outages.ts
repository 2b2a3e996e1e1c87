import { setTimeout as wait } from 'node:timers/promises';
import { compareWithFresh } from '../services/compare-with-fresh.ts';
import { openAudience } from '../services/followers.ts';
import { eventually } from '../testing/eventually.ts';
import { awaitHealthy } from './await-healthy.ts';
import { compose, containersOf, crash, type Service, start, URL_OF_STACK } from './compose.ts';
import { type Load, startLoad } from './load.ts';

/** A fault under load; where a process ends, the restart policy must start it. */
interface Fault {
  name: string;
  run(): Promise<void>;
}

export interface OutageCheck {
  name: string;
  run(): Promise<readonly string[]>;
}

const AWAY = 60_000;
const SETTLE = 15_000;

const crashOne = (service: Service): Fault => ({
  name: `one ${service} killed`,
  run: async () => crash((await containersOf(service))[0]!),
});
const away = (service: Service): Fault => ({
  name: `${service} away for ${AWAY / 1_000} s`,
  async run() {
    await compose('stop', service);
    await wait(AWAY);
    await compose('start', service);
  },
});

const FAULTS: readonly Fault[] = [
  crashOne('gateway'),
  crashOne('aggregator'),
  crashOne('ingest'),
  crashOne('kafka'),
  crashOne('clickhouse'),
  away('clickhouse'),
  away('kafka'),
];

/**
 * Under steady load: after each fault, and without manual steps, everything acknowledged is counted once and clients hold
 * what fresh ones get.
 */
export const OUTAGE_CHECKS: readonly OutageCheck[] = [
  ...FAULTS.map((fault) => ({ name: fault.name, run: async () => [await undergo(fault)] })),
  { name: 'down and up', run: async () => [await checkDownAndUp()] },
];

async function undergo({ name, run }: Fault): Promise<string> {
  const load = await startLoad(`outage_${Date.now().toString(36)}`);
  const audience = openAudience([URL_OF_STACK, URL_OF_STACK]);
  try {
    const all = await audience.follow({ metric: load.name, range: '15m' });
    await eventually(load.counted, (count) => count > 0);
    // A new metric's view waits for its history, and that for the Store: the fault is to meet what runs.
    await eventually(
      () => all.map((followed) => followed.filling()),
      (each) => each.every((filling) => filling === false),
      60_000,
    );
    for (const followed of all) followed.measure();
    await run();
    await wait(SETTLE);
    await awaitHealthy();
    const quiet = Math.max(...all.map((followed) => followed.quiet()));
    await load.stop();
    const ms = await untilCounted(load);
    await compareWithFresh(all);
    return `${name}: ${load.acknowledged} acknowledged = counted ${ms} ms after the last; ${load.failed} attempts were refused or cut; clients without news for at most ${(quiet / 1_000).toFixed(1)} s`;
  } finally {
    await load.stop();
    await audience.close();
  }
}

async function untilCounted(load: Load): Promise<number> {
  const began = Date.now();
  await eventually(load.counted, (count) => count === load.acknowledged, 60_000);
  return Date.now() - began;
}

async function checkDownAndUp(): Promise<string> {
  const load = await startLoad(`kept_${Date.now().toString(36)}`);
  await wait(2_000);
  await load.stop();
  await untilCounted(load);
  await compose('down');
  await start();
  const ms = await awaitHealthy();
  await untilCounted(load);
  return `down and up: healthy again after ${ms} ms, ${load.acknowledged} events still counted`;
}
