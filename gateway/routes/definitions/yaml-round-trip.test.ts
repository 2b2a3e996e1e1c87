import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const call = async (method: string, path: string, type: string, body?: string) => {
  const headers = { accept: type, ...(body === undefined ? {} : { 'content-type': type }) };
  const answer = await fetch(`${gateway.url}/v1/${path}`, { method, headers, body: body ?? null });
  return { status: answer.status, etag: answer.headers.get('etag'), text: await answer.text() };
};

/** Texts that YAML could take for something else, and any others. */
const LOOK_ALIKES =
  'yes|no|on|null|~|true|1|-0|1e3|1e400|0x1f|0o17|0b1|1_000|12:30|.5|.inf|.nan|2026-11-23|2026-11-23T00:00:00Z|- a|-|?|? a|a: b|:|a:|# no|a #b|@a|`a|%x|%YAML 1.1|---|...|"|\'|*a|&a|!t|!!str|<<|=|[|]|{a: b}|,|>|__proto__|constructor|toString|{x:String}'
    .split('|')
    .concat(
      ' x ',
      'x ',
      '\tx',
      'a\nb\n',
      'a\n\nb',
      '\n',
      'a\r\nb',
      '\r',
      '\0',
      '\u0085',
      '\u2028',
      '\u2029',
      '\ufeff',
      'a\ufeff',
    )
    .concat('\u{1f600}', '\u200d', '\x7f', '\x1b[31m', '|', '|-\n a', 'x'.repeat(200));
const text = fc.oneof(
  fc.constantFrom(...LOOK_ALIKES),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((value) => value.isWellFormed()),
);
const name = text.filter((value) => value !== '' && value !== '*');
const scalar = fc.oneof(
  text,
  fc.constant(''),
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const bound = fc.double({ noNaN: true, noDefaultInfinity: true });
const where = fc.dictionary(
  name,
  fc.oneof(
    scalar,
    fc.array(scalar, { minLength: 1, maxLength: 3 }),
    fc.record({ gt: bound, lte: bound, not: scalar }, { requiredKeys: ['gt'] }),
  ),
  { maxKeys: 3 },
);
const metric = fc.record(
  {
    title: text,
    event: fc.oneof(fc.constant('*'), name, fc.uniqueArray(name, { minLength: 1, maxLength: 4 })),
    where,
    aggregate: fc.oneof(
      fc.constantFrom('count', 'quantiles(x, 0.5, 0.9)', 'percentile_rank(x, 1e21, -0.000001)'),
      // The name of a property is written as a JSON string, which can hold any name.
      name.map((field) => `sum(${JSON.stringify(field)})`),
    ),
    groupBy: fc.uniqueArray(name, { maxLength: 3 }),
    unit: fc.constantFrom('', 'ms', '%', '€'),
    window: fc.constantFrom('10s', '90s', '1h'),
  },
  { requiredKeys: ['event', 'aggregate'] },
);
const panel = fc.record(
  {
    kind: fc.constantFrom('line', 'stat'),
    title: text,
    place: fc.constant({ x: 0, y: -0, w: 3, h: 2 }),
    view: fc.record(
      { metric: fc.oneof(fc.constant('m'), text), where, groupBy: fc.array(name, { maxLength: 2 }) },
      { requiredKeys: ['metric'] },
    ),
    outputs: fc.array(text, { maxLength: 2 }),
  },
  { requiredKeys: ['kind', 'place', 'view'] },
);
const board = fc
  .record({ title: text, panels: fc.array(panel, { maxLength: 3 }) }, { requiredKeys: ['panels'] })
  .map(({ panels, ...rest }) => ({ ...rest, panels: panels.map((one, i) => ({ id: `p${i}`, ...one })) }));

const FORMS = ['application/yaml', 'application/json'];
const KINDS = [
  ['metrics/m', metric],
  ['boards/b', board],
] as const;

it.each(KINDS.flatMap(([path, definition]) => FORMS.map((form) => [path, form, definition] as const)))(
  'what GET gave of %s as %s, PUT again, changes nothing and comes back byte by byte',
  async (path, form, definition) => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(definition as fc.Arbitrary<object>, async (body) => {
        const put = await call('PUT', path, 'application/json', JSON.stringify(body));
        fc.pre(put.status < 300);
        taken++;
        expect((await call('GET', path, 'application/json')).text).toBe(put.text);
        const first = await call('GET', path, form);
        const again = await call('PUT', path, form, first.text);
        expect(again).toEqual(first);
        expect(await call('GET', path, form)).toEqual(first);
      }),
      { numRuns: 60 },
    );
    expect(taken).toBeGreaterThanOrEqual(60);
  },
  60_000,
);

it.each(FORMS)(
  'the largest definitions that are taken come back in the same form and are taken again, as %s',
  async (form) => {
    const values = Array.from({ length: 250 }, (_, i) => `${i}`.padEnd(90, "'"));
    const paths = Array.from({ length: 10 }, (_, i) => [`path_${i}`, values]);
    const panels = Array.from({ length: 100 }, (_, i) => ({
      id: `panel_${i}`,
      kind: 'top',
      title: `Panel ${i}`,
      place: { x: 0, y: i * 4, w: 6, h: 4 },
      view: { metric: 'm', groupBy: ['a', 'b'], where: { a: ['DE', 'FR', 'IT'], b: 'pro' }, range: '1h' },
      outputs: ['p50', 'p95'],
    }));
    const large = [
      ['metrics/m', { event: 'e', aggregate: 'count', where: Object.fromEntries(paths) }],
      ['boards/b', { panels }],
    ] as const;
    for (const [path, body] of large) {
      expect((await call('PUT', path, 'application/json', JSON.stringify(body))).status).toBeLessThan(300);
      const first = await call('GET', path, form);
      expect(await call('PUT', path, form, first.text)).toEqual(first);
    }
  },
);

it('keeps no comments', async () => {
  await call('PUT', 'metrics/m', 'application/yaml', '# why\nevent: order # which\naggregate: count\n');
  expect((await call('GET', 'metrics/m', 'application/yaml')).text).not.toContain('#');
});
