import { createWorkload } from '../crash/crash-workload.ts';
import { awaitIdle } from './await-idle.ts';
import { checkRun } from './check-run.ts';
import { compareWithFresh } from './compare-with-fresh.ts';
import { lastLines } from './last-lines.ts';
import type { MatrixWorld } from './matrix-world.ts';
import { performRun } from './perform-run.ts';
import { type Action, describeAction } from './plan-run.ts';
import { defineRun, metricsOf, removeRun } from './run-metrics.ts';
import { startLoad } from './start-load.ts';

export interface RunPlan {
  run: number;
  seed: number;
  actions: readonly Action[];
}

/** Events of a batch: with its senders about 700 a second. */
const BATCH = 60;

/** One run: load, faults, everything back, idle, and all that must hold then. Rejects with the whole story. */
export async function runMatrix(world: MatrixWorld, plan: RunPlan): Promise<void> {
  const story: string[] = [];
  const note = (line: string): void => void story.push(`${new Date().toISOString()} ${line}`);
  try {
    await run(world, plan, note);
  } catch (error) {
    const planned = plan.actions.map(describeAction).join(', ');
    throw new Error(
      [
        `Run ${plan.run} (seed ${plan.seed}): ${(error as Error).message}`,
        `Planned: ${planned}`,
        ...story,
        ...world.stack.members().map((member) => lastLines(member)),
      ].join('\n'),
      { cause: error },
    );
  }
}

async function run(
  { stack, log, store, gateways, audience, lasting, quiet }: MatrixWorld,
  { run, seed, actions }: RunPlan,
  note: (line: string) => void,
): Promise<void> {
  const metrics = metricsOf(String(run));
  const prefix = `r${run}-`;
  const turn = run % gateways.length;
  await defineRun([...gateways.slice(turn), ...gateways.slice(0, turn)], metrics);
  const views = await Promise.all([
    audience.follow({ metric: metrics.hits, window: '1s', range: '10m' }),
    audience.follow({ metric: metrics.spread, range: '10m' }),
  ]);
  const followed = views.flat();
  const workload = createWorkload(seed, { event: metrics.event, prefix, size: BATCH });
  const began = Date.now();
  const load = startLoad(
    stack.ingest.map(({ url }) => url),
    workload,
  );
  for (const view of views[0]) view.measure();
  note('load');
  await performRun(stack, actions, note);
  quiet.add(actions, Math.max(...views[0].map((view) => view.quiet())));
  await load.stop();
  note(`load stopped: ${workload.unique.size} events sent, ${load.acknowledged.size} acknowledged`);
  await awaitIdle(log, store);
  note('idle');
  const { acknowledged } = load;
  await checkRun(store, gateways, { metrics, prefix, began, sent: workload.unique, acknowledged });
  await compareWithFresh([...followed, ...lasting]);
  note('equal');
  for (const view of followed) view.close();
  await removeRun(gateways[(run + 1) % gateways.length]!, metrics);
}
