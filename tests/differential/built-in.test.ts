import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EVENT_COUNTS } from '#contracts/metric/built-in.ts';
import { openCatalog } from '#platform/definitions/open-catalog.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { eventually } from '../testing/eventually.ts';
import { type Stack, startStack } from './stack.ts';

let data: string;
let stack: Stack | null = null;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-built-in-'));
});
afterEach(async () => {
  await stack?.close();
  await rm(data, { recursive: true, force: true });
});

/** Leaves the data as a version without built-in metrics does. */
async function removeBuiltIn({ log }: Stack): Promise<void> {
  const follower = await openCatalog(log, {
    logger: createLogger('silent', 'test'),
    metrics: createMetrics(false),
  });
  const basedOn = follower.catalog.metrics.get(EVENT_COUNTS)!.offset;
  await follower.write({ kind: 'metric', id: EVENT_COUNTS, basedOn, body: null, version: null });
  await follower.close();
}

it('counts the events of a data folder that is older than the built-in metric, once each', async () => {
  const names = ['order', 'visit', 'order', '__proto__'];
  const lines = names.flatMap((event) => Array.from({ length: 5 }, () => JSON.stringify({ event })));
  const older = await startStack(data);
  stack = older;
  await removeBuiltIn(older);
  await older.post(lines);
  await older.settled(0);
  await older.close();

  const newer = await startStack(data);
  stack = newer;
  await newer.post(lines.slice(0, 3));
  const read = async () => {
    const answer = await fetch(`${newer.url}/v1/metrics/${EVENT_COUNTS}/series?range=1h&window=whole`);
    const { series } = (await answer.json()) as { series: { group: { $event: string }; values: number[] }[] };
    return new Map(series.map(({ group, values }) => [group.$event, values.at(-1)]));
  };
  const counts = await eventually(read, (found) => found.get('order') === 13);
  expect(counts).toEqual(
    new Map([
      ['__proto__', 5],
      ['order', 13],
      ['visit', 5],
    ]),
  );
});
