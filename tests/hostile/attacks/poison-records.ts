import { join } from 'node:path';
import { type TopicName, topics } from '#contracts/log/topics.ts';
import { openLmdbLog } from '../../../platform/log/lmdb/lmdb-log.ts';
import type { LogRecord } from '../../../platform/log/log.ts';
import type { Attack } from '../attack.ts';

const PARTITIONS = 4;
const LONGEST = 900_000;
const BLOCK = {
  'millrace-format': '1',
  'millrace-block': 'b0',
  'millrace-received': '1795428063000',
  'millrace-count': '1',
};
const CONTROL = { ...BLOCK, 'millrace-kind': 'control' };
const deep = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);
const settings = (values: object): string => JSON.stringify({ kind: 'settings', settings: values });
const put = (definition: unknown, version: unknown = 7): string =>
  JSON.stringify({ kind: 'metric', metric: 'poison', version, definition });

/** Values of records, of every shape that parsers, folds and definitions may meet. */
const VALUES: string[] = [
  '',
  ' ',
  '\n\n\n',
  '\0',
  'null',
  'true',
  '0',
  '"x"',
  '[]',
  '{}',
  '[{}]',
  '{"event":null}',
  '{"event":"x"',
  deep('[', ']', LONGEST / 2),
  deep('{"a":', '}', 100_000),
  `{"event":"x","properties":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
  `{"event":"x","id":"${'i'.repeat(LONGEST)}"}`,
  `{"event":"${'e'.repeat(LONGEST)}"}`,
  `{"event":"x","properties":{"n":${'9'.repeat(LONGEST)}}}`,
  `{"event":"x","timestamp":${'1'.repeat(400_000)}}`,
  '{"event":"x","timestamp":1e308}',
  '{"event":"x","timestamp":-1e308}',
  '{"event":"x","timestamp":"275760-09-13T00:00:00.001Z"}',
  '{"event":"x","timestamp":0.5}',
  '{"event":"x","timestamp":"0000-01-01T00:00:00Z"}',
  '{"event":"x","properties":{"__proto__":{"a":1},"constructor":1}}',
  '{"event":"\\ud800","id":"\\udfff","key":"\\u0000"}',
  '{"event":"x"}\n'.repeat(60_000),
  '\n'.repeat(LONGEST),
  '{"event":"x","properties":{"n":1e400,"m":-0,"o":1e-400}}',
  `{"event":"x","properties":{${Array.from({ length: 30_000 }, (_, i) => `"p${i}":${i}`).join(',')}}}`,
  settings({ horizon: 1, groups: 1, ids: 1 }),
  settings({ horizon: 9e15, groups: 9e15, ids: 9e15 }),
  settings({ horizon: -1, groups: 0, ids: 0.5 }),
  '{"kind":"settings"}',
  '{"kind":"odd"}',
  put({}),
  put({ event: 'x', aggregate: 'nothing(x)' }),
  put({ event: 'x', aggregate: 'count', window: '1ms' }),
  put({ event: 'x', aggregate: 'count', groupBy: Array(100).fill('g') }),
  put({ event: 'x', aggregate: 'quantiles(n, 0.5)', pane: '0s' }),
  put({ event: 'x', aggregate: 'count', where: { a: { gt: 'x' } } }),
  put({ event: 'x', aggregate: 'count' }, -1),
  put({ event: 'x', aggregate: 'count' }, 9e15),
  put({ event: 'x', aggregate: `sum(${'p'.repeat(LONGEST / 2)})` }),
  put({ event: 'x', aggregate: 'count', lateness: '100d', retention: '0s' }),
  put(null),
  put([]),
  '{"kind":"retire","metric":"__proto__","version":1}',
  '{"kind":"retire","metric":"honest","version":-1}',
];

/** Of the other topics: definitions that cannot be served, updates and figures that no process wrote. */
const OTHERS: Partial<Record<TopicName, string[]>> = {
  definitions: [
    '{"kind":"metric","id":"__proto__","body":{},"basedOn":null}',
    '{"kind":"metric","id":"broken","body":{},"basedOn":null}',
    '{"kind":"board","id":"broken","body":{"panels":[1]},"basedOn":null}',
    '{"kind":"board","id":"half","body":{"title":"t","panels":[{"id":"a"},{"id":"b","kind":"tail","title":"","place":{"x":0,"y":0,"w":4,"h":4},"view":null,"outputs":[]}]},"basedOn":null}',
    '{"kind":"key","id":"x","body":{"hash":1},"basedOn":null}',
    '{"kind":"serve","id":"broken","version":99}',
    '{"kind":"metric","id":"odd","body":{"event":"x","aggregate":"nothing"},"basedOn":null,"version":-5}',
    `{"kind":"metric","id":"deep","body":${deep('{"a":', '}', 50_000).replace('}', '1}')},"basedOn":null}`,
    '{"kind":"metric","id":"text","body":"x"}',
    `{"kind":"board","id":"long","body":{"title":"${'t'.repeat(LONGEST)}"},"basedOn":null}`,
  ],
  updates: [
    '{"kind":"facts"}',
    '{"kind":"progress","part":-1}',
    '{"kind":"panes","metric":"honest","rows":[[]]}',
    '{"kind":"backfilled","metric":"honest","version":1,"part":99}',
    `{"kind":"panes","metric":"honest","version":1,"part":0,"panes":${'['.repeat(1_000)}${']'.repeat(1_000)}}`,
  ],
  system: [
    '{}',
    '{"process":1,"part":"ingest","time":"x"}',
    '{"process":"p","part":"gateway","time":9e99,"totals":{"__proto__":1},"gauges":null}',
    '{"process":"p","part":"ingest","time":1,"totals":{"events":-1e308},"gauges":{}}',
  ],
  rejected: ['{}', '{"code":1}', '{"code":"invalid_json","text":null,"message":5}'],
};

const HEADERS: Record<string, string>[] = [
  {},
  BLOCK,
  CONTROL,
  { ...BLOCK, 'millrace-format': '2' },
  { 'millrace-format': '1' },
  { ...BLOCK, 'millrace-received': '-1' },
  { ...BLOCK, 'millrace-received': '9e15' },
  { ...BLOCK, 'millrace-received': '9007199254740991' },
  { ...BLOCK, 'millrace-count': '99999999' },
  { ...BLOCK, 'millrace-count': 'x' },
  { ...BLOCK, 'millrace-block': '' },
  { ...BLOCK, 'millrace-block': 'b'.repeat(30_000) },
  { ...BLOCK, 'millrace-kind': '__proto__' },
  { __proto: 'x', constructor: 'y' },
];

/** Whatever a trusted producer writes, the partition continues; now and after every later start. */
export const poisonRecords: Attack = {
  name: 'poison records',
  what: 'records of odd values and headers in every topic, written to the log before the process starts',
  async prepare(data) {
    const log = await openLmdbLog({ folder: join(data, 'log') });
    await log.ensureTopics(topics(PARTITIONS));
    const record = (
      value: string | Uint8Array,
      headers: Record<string, string>,
      key: Uint8Array | null = null,
    ): LogRecord => ({ key, value: Buffer.from(value), headers });
    let n = 0;
    for (const value of VALUES) {
      for (const headers of value.length > 10_000 ? HEADERS.slice(0, 3) : HEADERS) {
        const own = headers['millrace-block'] === 'b0' ? { ...headers, 'millrace-block': `b${n}` } : headers;
        await log.append('events', n++ % PARTITIONS, [record(value, own)]);
      }
    }
    for (const bytes of [
      Uint8Array.from([0xff, 0xfe]),
      new Uint8Array(LONGEST),
      Uint8Array.from({ length: 1_000 }, (_, i) => i),
    ])
      for (let partition = 0; partition < PARTITIONS; partition++)
        await log.append('events', partition, [record(bytes, {}, bytes)]);
    for (const [topic, values] of Object.entries(OTHERS))
      for (const value of [...values, ...VALUES.slice(0, 16)])
        await log.append(topic as TopicName, 0, [record(value, {})]);
    await log.close();
  },
  async run(stage) {
    for (const path of [
      '/v1/metrics',
      '/v1/boards',
      '/v1/boards/half',
      '/v1/metrics/broken',
      '/v1/metrics/broken/series',
      '/metrics',
    ]) {
      const { status } = await stage.attacker.send({ path });
      if (status >= 500 || status === 0) stage.fault(`${path} is answered ${status} after poison records.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  },
};
