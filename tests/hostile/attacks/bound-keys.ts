import type { Attack, Stage } from '../attack.ts';
import { HONEST_METRIC } from '../honest-metric.ts';
import { openViewer } from '../viewer.ts';
import { defineMetric } from './define.ts';

const SECRET = 'secret_takeover';
/** Every path whose answer could reveal names of metrics. */
const PATHS = [
  '/metrics',
  '/live',
  '/ready',
  '/openapi.json',
  '/v1/metrics',
  '/v1/demo',
  '/v1/keys',
  '/v1/status',
  `/v1/metrics/${HONEST_METRIC}`,
  `/v1/metrics/${HONEST_METRIC}/series`,
  '/v1/metrics/secret_takeove',
  '/v1/metrics/secret_takeove/series',
  '/v1/metrics/nothing/series?groupBy=x',
];

async function makeKey({ attacker }: Stage, grant: object): Promise<string> {
  const { text } = await attacker.sendJson('POST', '/v1/keys', { name: 'bound', ...grant });
  return (JSON.parse(text) as { key: string }).key;
}

/** A key that may see some metrics learns of no others, by any path. */
export const boundKeys: Attack = {
  name: 'bound keys',
  what: 'every output asked for with keys that may not see a metric, which has late, failing and open states',
  keyed: true,
  async setUp(stage) {
    await defineMetric(stage, SECRET, {
      event: SECRET,
      aggregate: 'sum(n)',
      groupBy: ['group'],
      window: '1s',
    });
  },
  async run(stage) {
    const { attacker, url } = stage;
    // Late ones, and values of another type: what is measured by metric. Late in whatever partition they come to.
    const late = Array.from({ length: 40 }, (_, i) => ({
      event: SECRET,
      timestamp: Date.now() - 3_000_000,
      properties: { n: i % 2 === 0 ? 1 : 'x' },
    }));
    await attacker.post(late);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const keys = [
      await makeKey(stage, { scope: 'read', metrics: [HONEST_METRIC] }),
      await makeKey(stage, { scope: 'write' }),
    ];
    for (const key of keys) {
      for (const path of PATHS) {
        const { text, headers } = await attacker.send({ path, headers: { authorization: `Bearer ${key}` } });
        if ((text + JSON.stringify(headers)).includes(SECRET))
          stage.fault(`${path} names a metric that the key may not see.`);
      }
    }
    const viewer = await openViewer(url, keys[0]!);
    const answers = await Promise.all(
      ['secret_takeove', SECRET, 'nothing'].map((metric) => viewer.subscribe({ request: { metric } })),
    );
    const codes = answers.map((reply) => (reply.ok ? 'view' : `${reply.error.code} ${reply.error.message}`));
    if (new Set(codes.map((code) => code.replace(/"\w+"/, ''))).size > 1)
      stage.fault(`Refusals tell metrics that exist from others: ${codes.join('; ')}.`);
    viewer.close();
  },
};
