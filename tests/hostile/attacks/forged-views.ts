import type { Attack } from '../attack.ts';
import { openViewer } from '../viewer.ts';
import { defineMetric } from './define.ts';
import { forgeFilter } from './forge-filter.ts';

const METRIC = 'forged';
const VICTIM = 'a value that stands in a board for all to read';

/** A client cannot craft two views that count as the same one. */
export const forgedViews: Attack = {
  name: 'forged views',
  what: 'filters whose views have the id of another one, by the arithmetic of the hash in the source',
  async setUp(stage) {
    await defineMetric(stage, METRIC, { event: METRIC, aggregate: 'count', groupBy: ['name'], window: '1s' });
  },
  async run(stage) {
    const viewOf = (value: string) => ({ metric: METRIC, where: { name: value }, window: '1s', range: '5m' });
    const forged = forgeFilter(
      {
        metric: METRIC,
        where: [{ dimension: 'name', values: [VICTIM] }],
        groupBy: ['name'],
        window: 1_000,
        range: 300_000,
      },
      VICTIM.indexOf('in a board'),
      stage.long ? 8 : 3,
    );
    stage.note('forged', forged.length);
    const thief = await openViewer(stage.url, null, '127.0.0.3');
    const victim = await openViewer(stage.url, null, '127.0.0.4');
    const stolen = await Promise.all(forged.map((value) => thief.subscribe({ request: viewOf(value) })));
    const own = await victim.subscribe({ request: viewOf(VICTIM) });
    if (!own.ok) throw new Error(own.error.message);
    for (const reply of stolen)
      if (reply.ok && reply.info.view === own.info.view)
        stage.fault(`Two views have the id ${own.info.view}.`);
    await stage.attacker.post(
      Array.from({ length: 50 }, () => ({ event: METRIC, properties: { name: VICTIM } })),
    );
    const begun = performance.now();
    while (victim.received.frames === 0 && performance.now() - begun < 5_000)
      await new Promise((resolve) => setTimeout(resolve, 50));
    if (victim.received.frames === 0) stage.fault('The view of the victim gets no frames.');
    thief.close();
    victim.close();
  },
};
