import type { ViewRequest } from '#contracts/view/view-request.ts';
import type { Attack, Stage } from '../attack.ts';
import { openViewer } from '../viewer.ts';
import { defineMetric, fillHistory, seriesPath } from './define.ts';

const GROUPS = 1_000;
const METRIC = 'viewed';

const secondsOf = (i: number): string => `${60 + i * 3}s`;

/** The same data in views that differ in one thing, so that nothing of them is shared. */
const VARIANTS: Record<string, (i: number) => ViewRequest> = {
  range: (i) => ({ metric: METRIC, range: secondsOf(i), window: '1s' }),
  where: (i) => ({ metric: METRIC, where: { side: [`s${i % 10}`, `x${i}`] }, window: '1s', range: '10m' }),
  window: (i) => ({ metric: METRIC, window: `${1 + i}s`, range: '15m' }),
};

/** A small view whose request takes much memory: lists of long values, up to the longest message allowed. */
const longFilter = (i: number): ViewRequest => ({
  metric: METRIC,
  where: { side: Array.from({ length: 250 }, (_, v) => `${i}-${v}`.padEnd(380, 'v')) },
  window: '1s',
  range: '1m',
});

async function openViews(stage: Stage, make: (i: number) => ViewRequest, connections: number): Promise<void> {
  for (let c = 0; c < connections; c++) {
    if (stage.over.aborted) return;
    const viewer = await openViewer(stage.url).catch(() => null);
    if (viewer === null) {
      stage.attacker.count('not let in');
      continue;
    }
    stage.leaveOpen(() => viewer.close());
    const asked = Array.from({ length: 155 }, (_, i) => viewer.subscribe({ request: make(c * 155 + i) }));
    for (const reply of await Promise.all(asked))
      stage.attacker.count(reply.ok ? 'view' : `view ${reply.error.code}`);
  }
}

/** Every view holds memory: the total is bounded, also per key and per connection, and views beyond it are refused. */
export const manyViews: Attack = {
  name: 'many views',
  what: 'hundreds of views of one metric that differ in range, filter or window, by sockets and waiting requests',
  async setUp(stage) {
    await defineMetric(stage, METRIC, {
      event: METRIC,
      aggregate: 'count',
      groupBy: ['group', 'side'],
      window: '1s',
    });
    await fillHistory(stage, {
      event: METRIC,
      groups: GROUPS,
      seconds: stage.long ? 1_500 : 300,
      every: stage.long ? 1 : 5,
    });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  },
  async run(stage) {
    await openViews(stage, VARIANTS.range!, stage.long ? 10 : 3);
    await openViews(stage, VARIANTS.where!, stage.long ? 10 : 1);
    await openViews(stage, VARIANTS.window!, stage.long ? 10 : 1);
    await openViews(stage, longFilter, stage.long ? 10 : 2);
    const waits = Array.from({ length: stage.long ? 1_000 : 100 }, (_, i) =>
      stage.attacker.send({
        path: seriesPath(METRIC, { range: secondsOf(1_000 + i), window: '3s', wait: '1s', since: '' }),
      }),
    );
    await Promise.all(waits);
    // All of them move at once.
    await fillHistory(stage, { event: METRIC, groups: GROUPS, seconds: 3 });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  },
};
