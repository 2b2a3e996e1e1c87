import { setTimeout as sleep } from 'node:timers/promises';
import { readSeries, total } from '../../testing/series.ts';
import type { Attack } from '../attack.ts';
import { defineMetric } from './define.ts';

const EVENT = 'busy';
const AGGREGATES = ['count', 'sum(n)', 'avg(n)', 'quantiles(n, 0.5, 0.9)', 'distinct(g)'];

const BATCH = 10_000;

/** A batch as long as one may be, of the smallest events. */
const batch = (from: number): object[] =>
  Array.from({ length: BATCH }, (_, i) => ({
    event: EVENT,
    properties: { n: i, g: `g${(from + i) % 900}` },
  }));

/** The cost of an event grows with the number of metrics that count it; neither its sender nor other clients may notice. */
export const manyMetrics: Attack = {
  name: 'many metrics',
  what: 'batches of 10,000 small events that each of a hundred metrics counts, by many groups',
  async setUp(stage) {
    for (let i = 0; i < (stage.long ? 300 : 100); i++) {
      await defineMetric(stage, `busy-${i}`, {
        event: EVENT,
        aggregate: AGGREGATES[i % AGGREGATES.length],
        groupBy: i % 2 === 0 ? ['g'] : [],
        window: '10s',
      });
    }
  },
  async run(stage) {
    const batches = stage.long ? 30 : 6;
    for (let i = 0; i < batches && !stage.over.aborted; i++) await stage.attacker.post(batch(i * 333), BATCH);
    // Later events in the log are counted after these.
    const accepted = (stage.attacker.counts['200'] ?? 0) * BATCH;
    while (!stage.over.aborted && (await counted(stage.url)) < accepted) await sleep(1_500);
  },
};

/** Of a metric that is not grouped; 0 without an answer. */
const counted = (url: string): Promise<number> =>
  readSeries(url, 'busy-5', '?window=1m&range=30m').then(
    (series) => total(series),
    () => 0,
  );
