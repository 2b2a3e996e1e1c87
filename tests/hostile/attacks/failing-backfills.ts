import type { Attack, Stage } from '../attack.ts';
import { defineMetric, fillHistory } from './define.ts';

/** Definitions whose history may be unreadable: each is refused, or does no harm to the others. */
const FAILING: Record<string, object> = {
  'a long property': { event: 'old', aggregate: `sum(${'p'.repeat(255_000)})` },
  'a long path': { event: 'old', aggregate: `sum(${'a.'.repeat(100_000)}b)` },
  'a long filter': { event: 'old', aggregate: 'count', where: { [`p${'q'.repeat(200_000)}`]: 'x' } },
  'many values': {
    event: 'old',
    aggregate: 'count',
    where: { group: Array.from({ length: 250 }, (_, i) => `${i}`.padEnd(1_000, 'v')) },
  },
  'many conditions': {
    event: 'old',
    aggregate: 'count',
    where: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`p${i}`, { gt: i }])),
  },
  'odd texts': { event: 'old', aggregate: "sum(a'b)", groupBy: ["g'`\\"], where: { "w'\n\n": "x'\0" } },
  'halves of characters': { event: 'old', aggregate: 'count', where: { group: '\ud800' } },
  'many bounds': {
    event: 'old',
    aggregate: `percentile_rank(n, ${Array.from({ length: 16 }, (_, i) => i * 1e300).join(', ')})`,
  },
};

async function waitForHistory({ attacker }: Stage, id: string, within: number): Promise<number | null> {
  const begun = performance.now();
  while (performance.now() - begun < within) {
    const { headers, status } = await attacker.send({ path: `/v1/metrics/${id}` });
    const waits = headers['millrace-backfilled'] ?? headers['millrace-pending-version'];
    if (status === 200 && waits === undefined) return performance.now() - begun;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

/** A back-fill that fails for one metric delays only that metric, and is reported. */
export const failingBackfills: Attack = {
  name: 'failing back-fills',
  what: 'metrics whose history cannot be read, and one put after them that has some',
  async setUp(stage) {
    await fillHistory(stage, { event: 'old', groups: 20, seconds: 60 });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  },
  async run(stage) {
    for (const [i, definition] of Object.values(FAILING).entries())
      await stage.attacker.sendJson('PUT', `/v1/metrics/failing${i}`, definition);
    await defineMetric(stage, 'later', {
      event: 'old',
      aggregate: 'count',
      groupBy: ['group'],
      window: '1s',
    });
    const filled = await waitForHistory(stage, 'later', 20_000);
    if (filled === null) stage.fault('A metric that was put after failing ones has no history after 20 s.');
    else stage.note('history of the later one, ms', Math.round(filled));
    await defineMetric(stage, 'later', {
      event: 'old',
      aggregate: 'sum(n)',
      groupBy: ['group'],
      window: '1s',
    });
    const changed = await waitForHistory(stage, 'later', 20_000);
    if (changed === null)
      stage.fault('A metric that was changed after failing ones is not switched after 20 s.');
  },
};
