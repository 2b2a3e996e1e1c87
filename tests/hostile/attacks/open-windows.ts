import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack, Stage } from '../attack.ts';
import { openViewer } from '../viewer.ts';
import { defineMetric, fillHistory, seriesPath } from './define.ts';

const METRIC = 'open';
const GROUPS = 25;
/** Of the lateness: as long as events of a pane may come, its states are held and merged. */
const SECONDS = 3_600;

/** Views of long windows that have not ended, each merged of thousands of panes, and no two alike. */
async function openViews(stage: Stage): Promise<void> {
  const viewer = await openViewer(stage.url);
  stage.leaveOpen(() => viewer.close());
  const asked = Array.from({ length: stage.long ? 60 : 20 }, (_, i) =>
    viewer.subscribe({ request: { metric: METRIC, window: `${59 - (i % 30)}m`, range: `${59 + i}m` } }),
  );
  for (const reply of await Promise.all(asked))
    stage.attacker.count(reply.ok ? 'view' : `view ${reply.error.code}`);
}

/** An hour of lateness keeps many windows open, merged for every frame: neither frames nor requests may block the event loop. */
export const openWindows: Attack = {
  name: 'open windows',
  what: 'views of windows of an hour over panes of a second, all of them open, while every group changes',
  async setUp(stage) {
    await defineMetric(stage, METRIC, {
      event: METRIC,
      aggregate: 'quantiles(n, 0.5, 0.9)',
      groupBy: ['group'],
      window: '1s',
      lateness: '1h',
    });
    await fillHistory(stage, { event: METRIC, groups: GROUPS, seconds: SECONDS });
    await sleep(3_000);
  },
  async run(stage) {
    await openViews(stage);
    for (let round = 0; round < (stage.long ? 60 : 8) && !stage.over.aborted; round++) {
      // New ones, and one in a hundred seconds of the whole hour.
      await fillHistory(stage, { event: METRIC, groups: GROUPS, seconds: 2 });
      await fillHistory(stage, { event: METRIC, groups: GROUPS, seconds: SECONDS - 60, every: 100 });
      const query = { window: `${50 - round}m`, range: '1h' };
      await stage.attacker.send({ path: seriesPath(METRIC, query) });
    }
  },
};
