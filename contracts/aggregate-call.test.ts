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
