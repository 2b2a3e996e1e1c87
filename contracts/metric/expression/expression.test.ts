import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate-expression.ts';
import { type Expression, type ExpressionOf, metricsIn } from './expression.ts';
import { givenUnit, unitOf, unitText } from './expression-units.ts';
import { formatExpression } from './format-expression.ts';
import { parseExpression } from './parse-expression.ts';
import { anyExpression } from './testing/any-expression.ts';

function parse(text: string): Expression {
  const read = parseExpression(text);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

describe('reading and writing', () => {
  it('what is written is read back to the same expression, and its text is canonical', () => {
    fc.assert(
      fc.property(anyExpression, (expression) => {
        const text = formatExpression(expression);
        const again = parseExpression(text, { stored: true });
        expect(again).toEqual({ ok: true, value: expression });
      }),
      { numRuns: 2_000 },
    );
  });

  it('no text makes it fail otherwise than by a refusal that names a place', () => {
    const piece = fc.constantFrom(
      ...'ab_.- +*/()×÷−%^"1.5e3d,\'previous(x, 1d)min max{]🙂'.split(''),
      'previous(',
      '1d',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const read = parseExpression(pieces.join(''));
        if (read.ok) expect(parse(formatExpression(read.value))).toEqual(read.value);
        else expect(read.fault).toMatchObject({ code: 'invalid_expression', message: /at character \d+: / });
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['errors/requests×100', 'errors / requests * 100'],
    ['a-b', 'a - b'],
    ['a − -b', 'a - -b'],
    ['a ÷ b', 'a / b'],
    ['(a + b) * c', '(a + b) * c'],
    ['a - (b - c)', 'a - (b - c)'],
    ['(a - b) - c', 'a - b - c'],
    ['-(a + b)', '-(a + b)'],
    ['"a-b".p99 + "x.y"', '"a-b".p99 + "x.y"'],
    ['latency.p99-previous( latency.p99 , 24h )', 'latency.p99 - previous(latency.p99, 1d)'],
    ['min ( a,b )+max(a, b, 1e3)', 'min(a, b) + max(a, b, 1000)'],
    ['min / max', 'min / max'],
  ])('%s is %s', (text, canonical) => {
    expect(formatExpression(parse(text))).toBe(canonical);
  });

  it.each([
    ['', 'at character 1: expected a metric, a number or "(", found the end of the expression'],
    ['a +', 'at character 4: expected a metric, a number or "("'],
    ['a b', 'at character 3: expected an operator or the end, found "b"'],
    ['(a', 'at character 3: expected an operator or ")", found the end'],
    ['a / b %', 'written as a / b * 100'],
    ['a ** b', 'There are no powers'],
    ['a > 5', 'no conditions'],
    ["'a'", 'double quotes'],
    ['shop.orders.p99', 'is quoted'],
    [
      'sum(a)',
      'at character 1: expected one of the functions min, max, abs, coalesce, previous, found "sum"',
    ],
    ['abs(a, b)', 'expected one value for abs, found 2'],
    ['min(a)', 'at least two values for min'],
    ['previous(a)', '"," and a duration'],
    ['previous(a, 60)', 'expected a duration such as 1h or 7d, found "60"'],
    ['previous(a, 0s)', 'expected a duration'],
    ['a + 1d', 'A duration is the second value of previous'],
    ['.5 * a', 'Numbers are written as'],
    [`${'('.repeat(40)}a${')'.repeat(40)}`, 'at most 32 levels'],
    [`a${' + a'.repeat(300)}`, 'expected at most 1000 characters, got 1201'],
  ])('refuses %s', (text, part) => {
    const read = parseExpression(text);
    expect(read).toMatchObject({ ok: false, fault: { code: 'invalid_expression', field: 'expression' } });
    expect(read.ok ? '' : read.fault.message).toContain(part);
  });

  it('names its metrics once, in the order of the text', () => {
    expect(metricsIn(parse('b / previous(a.p99, 1d) + -b * coalesce(c, 0)'))).toEqual(['b', 'a', 'c']);
  });
});

type Leaf = { kind: 'leaf'; id: string };
const leavesOf = (expression: Expression): ExpressionOf<Leaf> =>
  JSON.parse(JSON.stringify(expression).replaceAll('"kind":"metric"', '"kind":"leaf"')) as ExpressionOf<Leaf>;

describe('values', () => {
  const valueIn = (text: string, values: Record<string, number | null>) =>
    evaluate(leavesOf(parse(text)), ({ id }) => values[id] ?? null);

  it.each([
    ['a / b * 100', { a: 1, b: 100 }, 1],
    ['a / b', { a: 1, b: 0 }, null],
    ['a / b', { a: 0, b: 0 }, null],
    ['a + b', { a: 1 }, null],
    ['coalesce(b, a)', { a: 1 }, 1],
    ['coalesce(a / b, -1)', { a: 1, b: 0 }, -1],
    ['min(a, b, 2)', { a: 5, b: 3 }, 2],
    ['max(a, b)', { a: 5 }, null],
    ['abs(a - b)', { a: 1, b: 3 }, 2],
    ['a * 1e300', { a: 1e300 }, null],
    ['-a', { a: 0 }, 0],
    ['a + 1', { a: Infinity }, null],
    ['a - b - a', { a: 5, b: 3 }, -3],
  ])('%s of %o is %o', (text, values, expected) => {
    expect(valueIn(text, values)).toBe(expected);
  });

  it('is a number of the protocol or none, whatever its parts are', () => {
    fc.assert(
      fc.property(anyExpression, fc.array(fc.option(fc.double()), { minLength: 1 }), (expression, values) => {
        let i = 0;
        const value = evaluate(leavesOf(expression), () => values[i++ % values.length] ?? null);
        if (value !== null) expect([Number.isFinite(value), Object.is(value, -0)]).toEqual([true, false]);
      }),
    );
  });
});

describe('units', () => {
  const units: Record<string, string> = { ms: 'ms', slow: 'ms', s: 's', eur: 'EUR', any: '' };
  const unit = (text: string) => {
    const of = unitOf(parse(text), ({ id }) => givenUnit(units[id]!));
    return of.ok ? unitText(of.value) : of.fault.code;
  };

  it.each([
    ['ms + slow', 'ms'],
    ['ms - previous(ms, 1d) + 5', 'ms'],
    ['max(ms, slow, 3)', 'ms'],
    ['ms / slow', ''],
    ['ms / slow + 1', ''],
    ['ms / slow * eur', 'EUR'],
    ['eur / s', 'EUR/s'],
    ['eur * s', 'EUR·s'],
    ['ms / 1000', ''],
    ['ms + any', ''],
    ['-abs(eur)', 'EUR'],
    ['ms + s', 'unit_mismatch'],
    ['coalesce(ms, eur)', 'unit_mismatch'],
    ['ms / slow + ms', 'unit_mismatch'],
    ['ms * (ms + s)', 'unit_mismatch'],
  ])('%s is in %s', (text, expected) => {
    expect(unit(text)).toBe(expected);
  });
});
