import { resolve } from 'node:path';
import { fillFolder } from '../../../bench/history/fill-folder.ts';
import { GROUPS, metricOf } from '../../../bench/history/visits.ts';
import type { Attack, Stage } from '../attack.ts';
import { openViewer } from '../viewer.ts';
import { judgeRefusal, seriesPath } from './define.ts';

const CODE = resolve(import.meta.dirname, '..', '..', '..');
const DAYS = 30;

/** Few windows over everything, as many windows as a view may have, and windows that no roll-up divides. */
const QUERIES: Record<string, string>[] = [
  { range: '30d', window: '1d' },
  { range: '30d', window: '1h' },
  { range: '7d', window: '10m' },
  { range: '1d', window: '1m' },
  { range: '30d', window: '25m' },
  { range: '10d', window: '7m', groupBy: '' },
  { range: '30d', window: '1m', groupBy: '' },
  { range: '30d', window: '1h', where: '{"group":["g1","g2"]}' },
  { range: '30d', window: 'auto' },
];

async function askOneByOne(stage: Stage, metric: string): Promise<void> {
  for (const query of QUERIES) {
    if (stage.over.aborted) return;
    // A metric without dimensions refuses a filter.
    const got = await stage.attacker.send({ path: seriesPath(metric, query) });
    judgeRefusal(stage, got, `${metric} ${query.range} ${query.window}`);
  }
}

async function askAtOnce(stage: Stage, metric: string): Promise<void> {
  const viewer = await openViewer(stage.url);
  stage.leaveOpen(() => viewer.close());
  const replies = await Promise.all(
    // Each another view, so that none is shared, nor what was read before.
    QUERIES.map(({ window }, i) =>
      viewer.subscribe({ request: { metric, range: `${DAYS - 1 - i}d`, window: window! } }),
    ),
  );
  for (const reply of replies) stage.attacker.count(reply.ok ? 'view' : `view ${reply.error.code}`);
}

/** However long a history is, a turn of the event loop has the same bound: what is read arrives in pages and is applied in steps. */
export const longHistories: Attack = {
  name: 'long histories',
  what: 'all ranges and windows over 30 days of stored history, of a metric without and one with 100 groups',
  async prepare(data) {
    const events = process.env.HOSTILE === 'long' ? 5_000_000 : 1_000_000;
    await fillFolder(data, { events, days: DAYS, aggregate: 'quantiles(ms, 0.5, 0.99)', code: CODE });
  },
  async run(stage) {
    for (const groups of [1, GROUPS]) {
      await askOneByOne(stage, metricOf(groups));
      await askAtOnce(stage, metricOf(groups));
    }
  },
};
