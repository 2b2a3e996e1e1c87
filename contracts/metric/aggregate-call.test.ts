import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAggregate, parseAggregate } from './aggregate-call.ts';

test.each([
  ['count', { name: 'count', field: null, args: [] }],
  [' count ( ) ', { name: 'count', field: null, args: [] }],
  ['sum(amount)', { name: 'sum', field: 'amount', args: [] }],
  ['sum( cart.total )', { name: 'sum', field: 'cart.total', args: [] }],
  ['quantiles(x, 0.5, 0.95)', { name: 'quantiles', field: 'x', args: [0.5, 0.95] }],
  ['top(page, 20)', { name: 'top', field: 'page', args: [20] }],
  ['p99(x)', { name: 'quantiles', field: 'x', args: [0.99] }],
  ['p5(x)', { name: 'quantiles', field: 'x', args: [0.05] }],
  ['p99_9(x)', { name: 'quantiles', field: 'x', args: [0.999] }],
  ['p999(x)', { name: 'quantiles', field: 'x', args: [0.999] }],
  ['p99_99999(x)', { name: 'quantiles', field: 'x', args: [0.9999999] }],
  ['p5_5(x)', { name: 'quantiles', field: 'x', args: [0.055] }],
  ['p0(x)', { name: 'quantiles', field: 'x', args: [0] }],
  ['p100(x)', { name: 'quantiles', field: 'x', args: [1] }],
  ['p100_5(x)', { name: 'p100_5', field: 'x', args: [] }],
  ['p250(x)', { name: 'p250', field: 'x', args: [] }],
  ['p1000(x)', { name: 'p1000', field: 'x', args: [] }],
  ['percentile_rank(x, 300)', { name: 'percentile_rank', field: 'x', args: [300] }],
  ['sum("Price (EUR)")', { name: 'sum', field: 'Price (EUR)', args: [] }],
  ['sum( "a,b" )', { name: 'sum', field: 'a,b', args: [] }],
  ['sum(" lead")', { name: 'sum', field: ' lead', args: [] }],
  ['sum( lead)', { name: 'sum', field: 'lead', args: [] }],
  ['sum("v * 2")', { name: 'sum', field: 'v * 2', args: [] }],
  ['quantiles("a \\"b\\" \\u00e9", 0.5)', { name: 'quantiles', field: 'a "b" é', args: [0.5] }],
  ['p99("x, 5" )', { name: 'quantiles', field: 'x, 5', args: [0.99] }],
  ['sum(Lead time)', { name: 'sum', field: 'Lead time', args: [] }],
  ['sum(req/s)', { name: 'sum', field: 'req/s', args: [] }],
  ['sum(item-2)', { name: 'sum', field: 'item-2', args: [] }],
  ['sum(CPU %)', { name: 'sum', field: 'CPU %', args: [] }],
  ['p50(x)', { name: 'quantiles', field: 'x', args: [0.5] }],
])('reads %j', (text, call) => {
  expect(parseAggregate(text)).toEqual({ ok: true, value: call });
});

test.each([
  '',
  'Sum(x)',
  'sum(x',
  'sum x',
  'sum(x))',
  'sum(a(b))',
  'sum(x,)',
  'sum(, 1)',
  'sum(x, y)',
  'sum(x, NaN)',
  'sum(x, Infinity)',
  'sum(x); drop',
  'sum("x)',
  'sum("x" y)',
  'sum("x"")',
  'sum("\\x")',
  'sum("")',
  'sum("a", "b")',
  "sum('x')",
  'sum(`x`)',
  'sum(v * 2)',
  'sum(v*2)',
  'sum(a + b)',
  'sum(a - b)',
  'sum(v/1000)',
  'sum(100 / v)',
  'sum(Price (EUR))',
  `sum(${'x'.repeat(1_001)})`,
  5,
  null,
  undefined,
  {},
])('refuses %j and names the field', (value) => {
  expect(parseAggregate(value)).toMatchObject({
    ok: false,
    fault: { code: 'invalid_definition', field: 'aggregate' },
  });
});

test.each([
  ['sum(Price (EUR))', 'sum("Price (EUR)")'],
  ['sum(a,b)', 'sum("a,b")'],
  ['sum(v * 2)', 'sum("v * 2")'],
  ["sum('x')", 'sum("x")'],
  ['sum(`x y`)', 'sum("x y")'],
])('refuses %j and says how the name would be quoted: %s', (text, hinted) => {
  const read = parseAggregate(text);
  expect(read.ok ? '' : read.fault.message).toContain(`quote it: ${hinted}.`);
  expect(parseAggregate(hinted)).toMatchObject({ ok: true });
});

test('what an earlier version accepted is read as it was, and written so that it is accepted again', () => {
  for (const field of ['v * 2', 'a + b', "'x'", 'x'.repeat(5_000)]) {
    const read = parseAggregate(`sum(${field})`, { stored: true });
    expect(read).toEqual({ ok: true, value: { name: 'sum', field, args: [] } });
    if (field.length <= 1_000)
      expect(parseAggregate(formatAggregate({ name: 'sum', field, args: [] }))).toEqual(read);
  }
});

test('a property of any name can be named, and its canonical text reads back to it', () => {
  const odd = fc.string({
    minLength: 1,
    maxLength: 30,
    unit: fc.constantFrom(...' \t\n(),"\'`\\*+-/%.é0aN\u2028\u00a0😀\ud800'),
  });
  const field = fc.oneof(fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }), odd);
  fc.assert(
    fc.property(
      field,
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 2 }),
      (name, args) => {
        const call = { name: 'top', field: name, args: args.map((x) => x + 0) };
        expect(parseAggregate(formatAggregate(call))).toEqual({ ok: true, value: call });
        expect(parseAggregate(`top(${JSON.stringify(name)})`)).toEqual({
          ok: true,
          value: { ...call, args: [] },
        });
      },
    ),
    { numRuns: 2_000 },
  );
});

test('the canonical text reads back to the same call', () => {
  const call = fc.record({
    name: fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).filter((n) => !/^p\d/.test(n)),
    field: fc.stringMatching(/^[A-Za-z_][\w.]{0,10}$/),
    args: fc.array(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
      { maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(call, (c) => {
      expect(parseAggregate(formatAggregate(c))).toEqual({ ok: true, value: c });
    }),
  );
});

test.each([
  ['topK(page, 20)', 'topk(page, 20)'],
  ['top_k(5, user.name)', 'topk(user.name, 5)'],
  ['approx_top_count("Price (EUR)")', 'Price (EUR)'],
  ['topk(5, user.name)', 'topk(user.name, 5)'],
  ['approx_topk(', 'topk(page, 10)'],
  ['top_values', 'topk(page, 10)'],
  ['TopK(page, 50)', 'topk(page, 10)'],
])('%s is refused, and the answer says what does it', (text, call) => {
  const read = parseAggregate(text);
  const code = text.startsWith('topk') ? 'invalid_definition' : 'unknown_aggregate';
  expect(read).toMatchObject({ ok: false, fault: { code, field: 'aggregate' } });
  expect(!read.ok && read.fault.message).toContain(call);
});
