import type { Attack, Stage } from '../attack.ts';
import { openViewer } from '../viewer.ts';
import { defineMetric, fillHistory, judgeRefusal, seriesPath, untilStored } from './define.ts';

/** Ranges of the menu, and wider ones: few windows over much history, many windows, and all of one group. */
const QUERIES: Record<string, string>[] = [
  { range: '30d', window: '1d' },
  { range: '30d', window: '1h' },
  { range: '2000s', window: '1s' },
  { range: '1d', window: '5m', groupBy: '' },
  { range: '30d', window: '1d', where: '{"group":["g1","g2"]}' },
  { range: '2h', window: '10s' },
  { range: '50000s', window: '1s', groupBy: '' },
];

async function askAll(stage: Stage, metric: string): Promise<void> {
  for (const query of QUERIES) {
    const got = await stage.attacker.send({ path: seriesPath(metric, query) });
    judgeRefusal(stage, got, `${metric} ${query.range}`);
  }
  // At once, each another view, so that none is shared.
  const several = QUERIES.flatMap((query, i) =>
    [1, 2].map((n) => ({ ...query, range: `${29 - i - n * 2}d`, window: '1d' })),
  );
  await Promise.all(several.map((query) => stage.attacker.send({ path: seriesPath(metric, query) })));
  const viewer = await openViewer(stage.url);
  const replies = await Promise.all(
    QUERIES.map(({ range, window }) =>
      viewer.subscribe({ request: { metric, range: range!, window: window! } }),
    ),
  );
  for (const reply of replies) stage.attacker.count(reply.ok ? 'view' : `view ${reply.error.code}`);
  viewer.close();
}

/** Small requests that read much history: the cost of a view must be known before the Store is queried. */
export const wideRanges: Attack = {
  name: 'wide ranges',
  what: 'ranges of the menu over a long history of many groups, over HTTP and sockets',
  async setUp(stage) {
    const groups = stage.long ? 500 : 200;
    await defineMetric(stage, 'wide', {
      event: 'wide',
      aggregate: 'count',
      groupBy: ['group'],
      window: '1s',
    });
    await defineMetric(stage, 'heavy', {
      event: 'wide',
      aggregate: 'quantiles(n, 0.5, 0.99)',
      groupBy: ['group', 'side'],
      window: '1s',
    });
    await fillHistory(stage, { event: 'wide', groups, seconds: stage.long ? 10_000 : 1_500 });
    await untilStored(stage);
  },
  async run(stage) {
    await askAll(stage, 'wide');
    await askAll(stage, 'heavy');
  },
};
