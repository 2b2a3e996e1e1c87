import type { Attack, Stage } from '../attack.ts';
import { defineMetric, fillHistory, judgeRefusal, untilStored } from './define.ts';

/** Every address that reads the archive to answer, over all that there is. */
async function askAll(stage: Stage, seconds: number): Promise<void> {
  const now = Date.now();
  const all = new URLSearchParams({ from: String(now - seconds * 1_000), to: String(now), limit: '1000' });
  const cells = new URLSearchParams({ from: String(now - 600_000), to: String(now) });
  const paths = [
    `/v1/metrics/deep/explain?${all}`,
    `/v1/metrics/deep/explain?${cells}`,
    `/v1/metrics/computed/explain?${cells}`,
    `/v1/metrics/deep/differs?${cells}`,
    `/v1/metrics/deep/groups?range=1h`,
    `/v1/metrics/risen/groups?range=${seconds}s&limit=100`,
    '/v1/schema',
    '/v1/schema?event=deep&range=30d',
    '/v1/events/verdict?key=k1',
    `/v1/events?${all}&where=${encodeURIComponent('side matches "s[0-9]" and n > 10')}`,
  ];
  // Each by itself, and all at once, twice.
  for (const path of paths) judgeRefusal(stage, await stage.attacker.send({ path }), path);
  await Promise.all([...paths, ...paths].map((path) => stage.attacker.send({ path })));
}

/** Previews of everything, each a different one, as somebody gets who types. */
async function previewAll(stage: Stage, seconds: number): Promise<void> {
  const aggregates = [
    'count',
    'quantiles(n, 0.5, 0.99)',
    'distinct(group)',
    'increase(n)',
    'retention(1d, 7)',
  ];
  const bodies = aggregates.flatMap((aggregate) =>
    [['group', 'side'], []].map((groupBy) => ({
      definition: { event: '*', aggregate, groupBy },
      view: { range: `${seconds}s`, window: 'auto', compare: 'previous' },
    })),
  );
  await Promise.all(bodies.map((body) => stage.attacker.sendJson('POST', '/v1/preview', body)));
  for (const body of bodies)
    judgeRefusal(stage, await stage.attacker.sendJson('POST', '/v1/preview', body), 'preview');
}

/** What is asked of the archive is answered beside everything else: nobody's board or event waits for it. */
export const deepQuestions: Attack = {
  name: 'deep questions',
  what: 'explanations, differences, groups, schema, verdicts and previews over all of a large archive, one by one and at once',
  async setUp(stage) {
    const groupBy = ['group', 'side'];
    await defineMetric(stage, 'deep', { event: 'deep', aggregate: 'sum(n)', groupBy, window: '1s' });
    await defineMetric(stage, 'risen', { event: 'deep', aggregate: 'increase(n)', groupBy, window: '10s' });
    await defineMetric(stage, 'computed', {
      expression: 'deep / risen - previous(deep, 10s)',
      window: '10s',
    });
    await fillHistory(stage, { event: 'deep', groups: 200, seconds: stage.long ? 10_000 : 1_500 });
    await untilStored(stage);
  },
  async run(stage) {
    const seconds = stage.long ? 10_000 : 1_500;
    await askAll(stage, seconds);
    await previewAll(stage, seconds);
  },
};
