import type { Attack, Stage } from '../attack.ts';
import { openViewer } from '../viewer.ts';

const LIMIT = 260_000;
const anchors = (n: number): string =>
  `a0: &a0 [x]\n${Array.from({ length: n }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}`;

/** YAML that a parser takes more than linear time for. */
const YAMLS: Record<string, () => string> = {
  commas: () => `[${','.repeat(LIMIT)}`,
  brackets: () => '['.repeat(LIMIT),
  'brackets of maps': () => '{a: '.repeat(LIMIT / 4),
  tags: () => '! '.repeat(LIMIT / 2),
  'tags with names': () => '!<a> '.repeat(LIMIT / 5),
  anchors: () => Array.from({ length: LIMIT / 14 }, (_, i) => `- &a${i} x`).join('\n'),
  'anchors of anchors': () => anchors(5_000),
  'merged keys': () =>
    `a: &a {x: 1}\n${Array.from({ length: 8_000 }, (_, i) => `b${i}:\n  <<: *a`).join('\n')}`,
  dashes: () => '- '.repeat(LIMIT / 2),
  questions: () => '? '.repeat(LIMIT / 2),
  'equal keys': () => Array.from({ length: LIMIT / 8 }, (_, i) => `k${i % 9}: 1`).join('\n'),
  'different keys': () => Array.from({ length: LIMIT / 10 }, (_, i) => `k${i}: 1`).join('\n'),
  quotes: () => `a: "${'\\'.repeat(LIMIT - 10)}`,
  'folded text': () => `a: >\n${' x\n\n'.repeat(LIMIT / 4)}`,
  comments: () => '#\n'.repeat(LIMIT / 2),
  documents: () => '---\n'.repeat(LIMIT / 4),
  directives: () => '%A\n'.repeat(LIMIT / 3),
  'a long number': () => `event: x\naggregate: count\nwindow: ${'1'.repeat(LIMIT - 100)}s`,
};

const spaces = ' '.repeat(80_000);
/** Fields of a definition that are read by a pattern. */
const FIELDS: Record<string, object> = {
  'spaces before': { event: 'x', aggregate: `${spaces}count(` },
  'spaces within': { event: 'x', aggregate: `sum(${spaces}` },
  'spaces after': { event: 'x', aggregate: `count${spaces}x` },
  'letters and spaces': { event: 'x', aggregate: 'a '.repeat(40_000) },
  commas: { event: 'x', aggregate: `quantiles(x${', 0.5'.repeat(40_000)})` },
  'a long window': { event: 'x', aggregate: 'count', window: `${'1'.repeat(80_000)}s` },
  'a window of spaces': { event: 'x', aggregate: 'count', window: `1${spaces}s` },
  'a long rank': { event: 'x', aggregate: `p${'9'.repeat(80_000)}(x)` },
  'many fields': Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`field${i}`, 1])),
};

/** As texts, since what makes them is recursive too. */
const DEEP = [
  `{"event":"x","aggregate":"count","where":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}}`,
  `{"event":${'['.repeat(120_000)}${']'.repeat(120_000)}}`,
  '['.repeat(260_000),
];

/** Parts of an address and of a head that are read by a pattern; a head has 16 KB. */
const LONG = 12_000;
const PATHS: Record<string, { path: string; headers?: Record<string, string> }> = {
  'a long range': { path: `/v1/metrics/honest/series?range=${'1'.repeat(LONG)}d` },
  'a range of spaces': { path: `/v1/metrics/honest/series?range=1${'+'.repeat(LONG)}d` },
  'a long group list': { path: `/v1/metrics/honest/series?groupBy=${'a,'.repeat(LONG / 2)}` },
  'a deep where': { path: `/v1/metrics/honest/series?where=${'['.repeat(LONG)}` },
  'a long since': { path: `/v1/metrics/honest/series?since=${'W1'.repeat(LONG / 2)}` },
  'a long id': { path: `/v1/metrics/${'a'.repeat(LONG)}` },
  slashes: { path: `/${'/'.repeat(LONG)}` },
  dots: { path: `/${'../'.repeat(LONG / 3)}` },
  percents: { path: `/${'%25'.repeat(LONG / 3)}` },
  'many parameters': { path: `/v1/metrics?${'a&'.repeat(LONG / 2)}` },
  'a long sent_at': { path: `/v1/events?sent_at=${'1'.repeat(LONG)}` },
  'a long key': { path: '/v1/metrics', headers: { authorization: `Bearer ${' '.repeat(LONG)}x` } },
  'a long type': { path: '/v1/events', headers: { 'content-type': `application/json${';'.repeat(LONG)}` } },
  'a list of matches': { path: '/v1/metrics/honest', headers: { 'if-match': '"a",'.repeat(LONG / 4) } },
  'a chain of proxies': { path: '/v1/metrics', headers: { 'x-forwarded-for': '1.1.1.1,'.repeat(LONG / 8) } },
  'a list of encodings': { path: '/', headers: { 'accept-encoding': 'gzip;q=0.1,'.repeat(LONG / 11) } },
  'a long origin': { path: '/v1/metrics', headers: { origin: `http://${'a.'.repeat(LONG / 2)}` } },
};

async function putYamls({ attacker, over }: Stage): Promise<void> {
  const headers = { 'content-type': 'application/yaml' };
  for (const make of Object.values(YAMLS)) {
    if (over.aborted) return;
    await attacker.send({ method: 'PUT', path: '/v1/metrics/bomb', headers, body: make() });
    await attacker.send({ method: 'PUT', path: '/v1/boards/bomb', headers, body: make() });
  }
}

/** The length of every input is bounded before it is parsed, and parsing takes time linear in it. */
export const slowParsers: Attack = {
  name: 'slow parsers',
  what: 'definitions, addresses, heads and messages made to take a parser or a pattern more than linear time',
  async run(stage) {
    const { attacker, over } = stage;
    for (const definition of Object.values(FIELDS)) {
      if (over.aborted) return;
      await attacker.sendJson('PUT', '/v1/metrics/slow', definition);
      await attacker.sendJson('PUT', '/v1/boards/slow', {
        panels: [{ id: 'p', kind: 'line', view: definition }],
      });
    }
    for (const body of DEEP) {
      const headers = { 'content-type': 'application/json' };
      await attacker.send({ method: 'PUT', path: '/v1/metrics/slow', body, headers });
      await attacker.send({ method: 'PUT', path: '/v1/boards/slow', body, headers });
    }
    for (const sending of Object.values(PATHS)) {
      const method = sending.path.startsWith('/v1/events') ? 'POST' : 'GET';
      await attacker.send({ method, ...sending, ...(method === 'POST' ? { body: '{"event":"x"}' } : {}) });
    }
    await putYamls(stage);
    const viewer = await openViewer(stage.url);
    for (const value of [`1${' '.repeat(90_000)}d`, '1'.repeat(90_000), 'd'.repeat(90_000)])
      await viewer.subscribe({ request: { metric: 'honest', range: value } });
    for (const body of DEEP.slice(1)) viewer.write(`42["subscribe",${body.slice(0, 90_000)}]`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    viewer.close();
  },
};
