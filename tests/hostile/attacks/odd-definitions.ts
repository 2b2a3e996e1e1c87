import fc from 'fast-check';
import type { Attack, Stage } from '../attack.ts';

const ODD = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  '\u2028',
  '\ufeff',
  'null',
  'true',
  '~',
  '1e3',
  '0x10',
  '0o7',
  '012',
  '1_000',
  '-0',
  '.inf',
  '.nan',
  '2020-01-01',
  '<<',
  '=',
  '!',
  '!!str x',
  '&a',
  '*a',
  '|',
  '>',
  '- a',
  '? a',
  ': a',
  '# a',
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  "'",
  '\\',
  '%',
  '@',
  '`',
  '\n',
  '\r\n',
  '\t',
  'a: b',
  'a #b',
  '__missing__',
  '__other__',
  'é',
  '😀',
  '*',
  'y',
  'n',
  'on',
  'off',
  '...',
  '---',
  ' x ',
  '1:20',
  '1.5',
  '9007199254740993',
];
const text = fc.oneof(
  fc.constantFrom(...ODD),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 30 }),
);
const number = fc.oneof(
  fc.constantFrom(0, -0, 1e-7, 1e21, 5e-324, 1.7976931348623157e308, 0.1, 2 ** 53, -1e-9),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const condition = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.record({ gt: number, not: scalar }, { requiredKeys: [] }),
);
const field = fc.oneof(text, fc.constantFrom('n', 'a.b', 'a..b', 'x y', 'sum(x)'));
const aggregate = fc.oneof(
  fc.constantFrom('count', 'rate', 'p99_9(n)', 'p0(n)', ' count ( ) ', 'median(n)'),
  fc
    .tuple(fc.constantFrom('sum', 'avg', 'min', 'distinct', 'first', 'stddev'), field)
    .map(([name, of]) => `${name}(${of})`),
  fc
    .tuple(
      fc.constantFrom('quantiles', 'percentile_rank'),
      field,
      fc.array(number, { minLength: 1, maxLength: 4 }),
    )
    .map(([name, of, args]) => `${name}(${[of, ...args].join(', ')})`),
);
const duration = fc.oneof(
  fc.constantFrom('1s', '10s', '1000ms', '60s', '1m', '24h', '1d', '90s', '0s', '00010s'),
  fc.integer({ min: 0, max: 4_000 }).map((n) => `${n}s`),
);
const metric = fc.record(
  {
    title: text,
    unit: text,
    event: fc.oneof(text, fc.array(text, { maxLength: 3 })),
    where: fc.dictionary(text, condition, { maxKeys: 3 }),
    aggregate,
    groupBy: fc.oneof(field, fc.array(field, { maxLength: 3 })),
    window: duration,
    pane: duration,
    lateness: duration,
    retention: duration,
    better: fc.constantFrom('higher', 'lower', null),
  },
  { requiredKeys: ['event', 'aggregate'] },
);
const panel = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'constructor', 'c-1'),
    kind: fc.constantFrom('stat', 'line', 'area', 'bars', 'top', 'table', 'tail'),
    title: text,
    place: fc.record({
      x: fc.integer({ min: 0, max: 11 }),
      y: fc.nat(50),
      w: fc.integer({ min: 1, max: 12 }),
      h: fc.integer({ min: 1, max: 20 }),
    }),
    view: fc.record(
      {
        metric: text,
        where: fc.dictionary(text, condition, { maxKeys: 2 }),
        groupBy: fc.array(field, { maxLength: 2 }),
        window: duration,
        range: duration,
      },
      { requiredKeys: ['metric'] },
    ),
    outputs: fc.array(text, { maxLength: 2 }),
    stack: fc.boolean(),
    limit: fc.integer({ min: 0, max: 101 }),
  },
  { requiredKeys: ['id', 'kind', 'place'] },
);
const board = fc.record(
  { title: text, panels: fc.array(panel, { maxLength: 3 }) },
  { requiredKeys: ['panels'] },
);

const TYPES = ['application/json', 'application/yaml'] as const;

/** A definition that GET returns, put again, is returned unchanged by the next GET; in JSON and in YAML. */
async function roundTrip(stage: Stage, path: string, definition: unknown): Promise<void> {
  const { attacker } = stage;
  const put = await attacker.sendJson('PUT', path, definition);
  if (put.status >= 500 || put.status === 0)
    stage.fault(`${path}: ${put.status} for ${JSON.stringify(definition).slice(0, 300)}`);
  if (put.status !== 200 && put.status !== 201) return;
  for (const type of TYPES) {
    const got = await attacker.send({ path, headers: { accept: type } });
    const again = await attacker.send({
      method: 'PUT',
      path,
      body: got.text,
      headers: { 'content-type': type },
    });
    const after = await attacker.send({ path, headers: { accept: type } });
    if (got.status !== 200 || again.status !== 200 || after.text !== got.text)
      stage.fault(
        `${path} as ${type}: ${got.status}, ${again.status} ${again.text.slice(0, 200)} for ${got.text.slice(0, 300)}`,
      );
  }
}

/** What is accepted can be read, put again and listed, and leaves its neighbours as they are. */
export const oddDefinitions: Attack = {
  name: 'odd definitions',
  what: 'metrics and boards of odd names, texts, numbers and durations, put, read, put again and listed',
  async run(stage) {
    const count = stage.long ? 2_000 : 120;
    const shapes = [
      ...fc
        .sample(metric, { numRuns: count, seed: 11 })
        .map((shape, i) => [`/v1/metrics/odd${i % 20}`, shape] as const),
      ...fc
        .sample(board, { numRuns: count, seed: 12 })
        .map((shape, i) => [`/v1/boards/odd${i % 20}`, shape] as const),
    ];
    for (const [path, shape] of shapes) {
      if (stage.over.aborted) return;
      await roundTrip(stage, path, shape);
    }
    for (const path of ['/v1/metrics', '/v1/boards', '/v1/metrics/honest', '/openapi.json']) {
      const { status } = await stage.attacker.send({ path });
      if (status !== 200) stage.fault(`${path} is answered ${status} after odd definitions.`);
    }
    await stage.attacker.post(
      Array.from({ length: 500 }, (_, i) => ({
        event: ODD[i % ODD.length] || 'x',
        properties: { n: i, [ODD[i % 8]!]: ODD[i % 60] },
      })),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  },
};
