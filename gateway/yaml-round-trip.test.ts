import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const call = async (method: string, type: string, body?: string) => {
  const headers = { accept: type, ...(body === undefined ? {} : { 'content-type': type }) };
  const answer = await fetch(`${gateway.url}/v1/metrics/m`, { method, headers, body: body ?? null });
  return { status: answer.status, etag: answer.headers.get('etag'), text: await answer.text() };
};

/** Texts that YAML could take for something else, and any others. */
const text = fc.oneof(
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '1',
    '1e3',
    '0x1f',
    '.5',
    '2026-11-23',
    '- a',
    'a: b',
    '# no',
    ' x ',
    'a\nb\n',
    '"',
    "'",
    '*a',
    '&a',
    '!t',
    '%x',
    '\u2028',
    '<<',
    '__proto__',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
);
const name = text.filter((value) => value !== '' && value !== '*');
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const metric = fc.record(
  {
    title: text,
    event: fc.oneof(fc.constant('*'), name, fc.uniqueArray(name, { minLength: 1, maxLength: 4 })),
    where: fc.dictionary(
      fc.stringMatching(/^[a-z][a-z_.]{0,10}[a-z]$/),
      fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 3 }), fc.record({ gt: fc.integer() })),
      { maxKeys: 3 },
    ),
    aggregate: fc.constantFrom('count', 'sum(amount)', 'quantiles(x, 0.5, 0.9)'),
    groupBy: fc.uniqueArray(name, { maxLength: 3 }),
    unit: fc.constantFrom('', 'ms', '%', '€'),
    window: fc.constantFrom('10s', '90s', '1h'),
  },
  { requiredKeys: ['event', 'aggregate'] },
);

it.each(['application/yaml', 'application/json'])(
  'what GET gave as %s, PUT again, changes nothing and comes back byte by byte',
  async (type) => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(metric, async (definition) => {
        const put = await call('PUT', 'application/json', JSON.stringify(definition));
        fc.pre(put.status < 300);
        taken++;
        const first = await call('GET', type);
        const again = await call('PUT', type, first.text);
        expect(again).toEqual(first);
        expect(await call('GET', type)).toEqual(first);
      }),
      { numRuns: 60 },
    );
    expect(taken).toBeGreaterThanOrEqual(60);
  },
  30_000,
);

it('keeps no comments', async () => {
  await call('PUT', 'application/yaml', '# why\nevent: order # which\naggregate: count\n');
  expect((await call('GET', 'application/yaml')).text).not.toContain('#');
});
