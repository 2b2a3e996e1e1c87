import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parsePanel } from '#contracts/board/panel.ts';
import { createRing } from '../charts/trace/ring.ts';
import type { Trace } from '../charts/trace/trace.ts';
import { evenTimes } from '../charts/trace/window-times.ts';
import { readMetrics } from './known-metrics.ts';
import { metricParameters } from './metric-parameters.ts';
import { panelOf, readQuestion } from './question.ts';
import { csvOf, curlOf, seriesPath, yamlOf } from './take-along.ts';

const [ORDERS, RATIO] = readMetrics({
  metrics: [
    {
      id: 'orders',
      aggregate: 'sum(amount)',
      event: ['order', 'refund'],
      where: { vip: 'true' },
      groupBy: ['channel'],
    },
    { id: 'ratio', expression: 'a / b' },
  ],
});
const QUESTION = readQuestion({ metric: 'orders', by: 'channel', where: 'channel != web', against: '7d' });
const PANEL = { ...panelOf(QUESTION, ORDERS!), title: 'Orders: "all"' };

it('names the view in an address of the series', () => {
  const { pathname, searchParams } = new URL(
    seriesPath({ ...PANEL.view!, range: '15m' }),
    'http://localhost',
  );
  expect(pathname).toBe('/v1/metrics/orders/series');
  expect(Object.fromEntries(searchParams)).toEqual({
    ...{
      where: 'channel != web',
      groupBy: 'channel',
      window: 'auto',
      compare: '7d',
      range: '15m',
      top: '{"limit":50}',
    },
  });
  expect(seriesPath({ metric: '= a / b', groupBy: ['a,b'] })).toBe(
    '/v1/metrics/%3D%20a%20%2F%20b/series?groupBy=%5B%22a%2Cb%22%5D',
  );
});

it('is a command that a shell reads as it is meant, and that holds no key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (path) => {
      const command = curlOf('http://h', `/${path}`, true).replace(/^curl /, "printf '%s\\n' ");
      const told = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { MILLRACE_KEY: 'k' } });
      expect(told).toBe(`http://h/${path}\n-H\nAuthorization: Bearer k\n`);
    }),
    { numRuns: 20 },
  );
  expect(curlOf('http://h', '/x', false)).toBe("curl 'http://h/x'");
});

it('is YAML that a board takes as it is', () => {
  const [read] = parse(yamlOf(PANEL)) as unknown[];
  expect(parsePanel(read, 'panels.0')).toMatchObject({
    ok: true,
    value: { title: 'Orders: "all"', view: PANEL.view },
  });
});

it('is a table of the windows that are closed', () => {
  const times = evenTimes({ every: 10_000 });
  const ring = createRing(8);
  for (const [i, value] of [1, Number.NaN, 3, 4].entries()) ring.set(i, value);
  const traces = ['=cmd', 'a,"b"'].map((name) => ({ name, ring }) as Trace);
  const data = {
    ...{ times, traces, first: 0, closed: 3 },
    value: (trace: Trace, i: number) => trace.ring.get(i),
  };
  expect(csvOf(data, { from: 0, to: 40_000 }).split('\r\n')).toEqual([
    `window,'=cmd,"a,""b"""`,
    '1970-01-01T00:00:00.000Z,1,1',
    '1970-01-01T00:00:10.000Z,,',
    '1970-01-01T00:00:20.000Z,3,3',
    '',
  ]);
});

it('begins a metric of its own with what is shown', () => {
  expect(Object.fromEntries(metricParameters(QUESTION, ORDERS!)!)).toEqual({
    ...{ event: 'order,refund', aggregate: 'sum(amount)', by: 'channel' },
    where: '(vip = true) and (channel != web)',
  });
  expect(metricParameters(QUESTION, RATIO!)).toBeNull();
  expect(metricParameters(QUESTION, null)).toBeNull();
});
