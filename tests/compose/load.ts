import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { postBatch } from '../testing/post-batch.ts';
import { readSeries, total } from '../testing/series.ts';
import { URL_OF_STACK } from './compose.ts';

/** Steady events through the proxy: each batch is sent again with its ids until it is acknowledged. */
export interface Load {
  /** Name of the event, and of the metric that counts it. */
  readonly name: string;
  /** Events acknowledged. */
  readonly acknowledged: number;
  /** Attempts that were not. */
  readonly failed: number;
  /** What the metric counts of the last hour, over all windows. */
  counted(): Promise<number>;
  /** Sends no new batches; resolves when all are acknowledged. */
  stop(): Promise<void>;
}

const BATCH = 20;
const EVERY = 100;

export async function startLoad(name: string): Promise<Load> {
  await define(name);
  let [acknowledged, failed, stopping] = [0, 0, false];
  const run = async (): Promise<void> => {
    while (!stopping) {
      const batch = Array.from({ length: BATCH }, () => ({ event: name, id: randomUUID() }));
      while (!(await postBatch(URL_OF_STACK, batch, 5_000))) {
        failed++;
        await wait(200 * Math.random());
      }
      acknowledged += BATCH;
      await wait(EVERY);
    }
  };
  const running = Promise.all([run(), run()]);
  // `stop` reports a failure.
  running.catch(() => {});
  return {
    name,
    get acknowledged() {
      return acknowledged;
    },
    get failed() {
      return failed;
    },
    counted: async () => total(await readSeries(URL_OF_STACK, name, '?range=1h&window=10s')),
    async stop() {
      stopping = true;
      await running;
    },
  };
}

async function define(name: string): Promise<void> {
  const answer = await fetch(`${URL_OF_STACK}/v1/metrics/${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event: name, aggregate: 'count', window: '10s' }),
  });
  if (!answer.ok) throw new Error(`The metric could not be defined: ${await answer.text()}`);
}
