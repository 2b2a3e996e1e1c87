import { gzipSync } from 'node:zlib';
import type { Attack, Stage } from '../attack.ts';
import { defineMetric, seriesPath } from './define.ts';

const PER_BODY = 10_000;
/** As `MILLRACE_GROUPS` says. */
const CAP = 500;
const SHOPS = 40;
const MINUTE = 60_000;

/** Open cells of the aggregator: all metrics. */
async function openCells({ attacker }: Stage): Promise<number> {
  const { text } = await attacker.send({ path: '/metrics' });
  return Number(/^millrace_aggregator_open_cells ([\d.e+]+)$/m.exec(text)?.[1] ?? 0);
}

/** Cells that the metric may have: two panes of a minute, each of both levels and the one that takes the rest, in every partition. */
const mostCells = (partitions: number): number => 2 * partitions * (2 * CAP + 1);

/** Every event has a value of its own; the first dimension has few, and stays exact. */
export const distinctValues: Attack = {
  name: 'distinct values',
  what: 'up to ten million values of a dimension in a minute, beside a dimension of few; then all that can be asked of them',
  env: { MILLRACE_GROUPS: String(CAP) },
  async setUp(stage) {
    await defineMetric(stage, 'distinct', {
      ...{ event: 'distinct', aggregate: 'count', groupBy: ['shop', 'user'] },
      ...{ window: '1m', pane: '1m', lateness: '10m' },
    });
  },
  async run(stage) {
    const count = stage.long ? 10_000_000 : 300_000;
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    const before = await openCells(stage);
    const timestamp = Math.floor(Date.now() / MINUTE) * MINUTE;
    let sent = 0;
    let most = 0;
    for (; sent < count && !stage.over.aborted; sent += PER_BODY) {
      const lines = Array.from({ length: PER_BODY }, (_, i) =>
        JSON.stringify({
          ...{ event: 'distinct', timestamp },
          properties: { shop: `s${i % SHOPS}`, user: `u${sent + i}` },
        }),
      );
      const body = gzipSync(lines.join('\n'));
      const { status } = await stage.attacker.send({ method: 'POST', path: '/v1/events', headers, body });
      stage.attacker.count(`batch ${status}`);
      if (sent % (PER_BODY * 10) === 0) most = Math.max(most, await openCells(stage));
    }
    const groups = await stage.attacker.send({ path: '/v1/metrics/distinct/groups?range=5m' });
    const shops = await stage.attacker.send({
      path: seriesPath('distinct', { range: '5m', groupBy: 'shop', window: '1m' }),
    });
    stage.note('events', sent);
    stage.note('open cells', most);
    stage.note('groups', groups.text.slice(0, 200));
    if (shops.status !== 200) stage.fault(`series by shop: ${shops.status} ${shops.text.slice(0, 200)}`);
    else if (/__other__/.test(shops.text)) stage.fault('a shop has lost its name to the users');
    if (![200, 400].includes(groups.status))
      stage.fault(`groups: ${groups.status} ${groups.text.slice(0, 200)}`);
    const bound = before + mostCells(8);
    if (most > bound) stage.fault(`${most} open cells; at most ${bound}`);
  },
};
