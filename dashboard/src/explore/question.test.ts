import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine, compileCondition } from '#contracts/filter/compile-filter.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import { readMetrics } from './known-metrics.ts';
import {
  kindOf,
  panelOf,
  type Question,
  readQuestion,
  STRIPS,
  whereFault,
  withValues,
  writeQuestion,
} from './question.ts';

const NOTHING = readQuestion({});
const [ORDERS, LATENCY] = readMetrics({
  metrics: [
    { id: 'orders', aggregate: 'count', event: 'order', groupBy: ['channel', 'country'], window: '10s' },
    {
      id: 'latency',
      aggregate: 'quantiles(ms, 0.5, 0.99)',
      event: 'order',
      groupBy: ['channel'],
      window: '1m',
    },
  ],
});

describe('a question', () => {
  it('is read back from the parameters that it is written as', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    const question: fc.Arbitrary<Question> = fc.record({
      metric: text,
      output: fc.option(text),
      where: fc.string(),
      by: fc.uniqueArray(fc.string(), { maxLength: 4 }),
      every: fc.constantFrom(null, '10s', '5m', '1d'),
      against: fc.constantFrom(null, 'previous', '7d'),
      kind: fc.constantFrom(null, 'line' as const, 'area' as const, 'bars' as const),
      hidden: fc.array(fc.array(fc.string(), { minLength: 1, maxLength: 2 }), { maxLength: 3 }),
      strip: fc.constantFrom(...STRIPS.values()),
    });
    fc.assert(
      fc.property(question, (asked) => {
        expect(readQuestion(writeQuestion(asked))).toEqual(asked);
      }),
    );
  });

  it('keeps a filter that cannot be read, and gives anything else its default', () => {
    const read = readQuestion({
      where: 'country =',
      every: 'often',
      against: 'x',
      kind: 'pie',
      hide: '{',
      strip: '7y',
      by: '[',
    });
    expect(read).toEqual({ ...NOTHING, where: 'country =' });
    expect(whereFault(read)).toContain('expected');
    expect(whereFault({ where: 'country = DE' })).toBeNull();
  });
});

describe('a value of a dimension', () => {
  const holds = (where: string, properties: Record<string, unknown>): boolean => {
    const read = parseWhere(where);
    if (!read.ok) throw new Error(read.fault.message);
    return combine(read.value, (condition) => {
      const test = compileCondition(condition, () => () => false);
      return (of: Record<string, unknown>) => test(of[condition.path]);
    })(properties);
  };

  it('becomes all there is, or is left out, whatever it is called', () => {
    const value = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((v) => v.trim() === v);
    fc.assert(
      fc.property(value, value, (a, b) => {
        fc.pre(a !== b && a !== '__missing__' && b !== '__missing__');
        const only = withValues('', { channel: a }, 'only');
        const without = withValues('', { channel: a }, 'without');
        expect([holds(only, { channel: a }), holds(only, { channel: b })]).toEqual([true, false]);
        expect([holds(without, { channel: a }), holds(without, { channel: b })]).toEqual([false, true]);
      }),
    );
  });

  it('takes the place of what was said of its dimension, and leaves the rest', () => {
    expect(withValues('channel = web and country = DE', { channel: 'ios' }, 'only')).toBe(
      'channel = ios and country = DE',
    );
    expect(withValues('channel != web', { channel: 'ios' }, 'without')).toBe(
      'channel != ios and channel != web',
    );
    expect(withValues('', { channel: 'ios', country: 'DE' }, 'without')).toBe(
      'not (channel = ios and country = DE)',
    );
  });
});

describe('the panel of a question', () => {
  it('is of the kind that suits the metric', () => {
    const orders = { ...NOTHING, metric: 'orders' };
    expect(kindOf(orders, ORDERS!)).toBe('bars');
    expect(kindOf({ ...orders, by: ['channel'] }, ORDERS!)).toBe('area');
    expect(kindOf({ ...orders, by: ['channel'] }, LATENCY!)).toBe('line');
    expect(kindOf({ ...orders, kind: 'line' }, ORDERS!)).toBe('line');
    expect(kindOf(orders, null)).toBe('line');
  });

  it('asks for no more than the question says', () => {
    const asked = { ...NOTHING, metric: 'latency', by: ['channel'], against: '7d', where: 'channel != x' };
    expect(panelOf(asked, LATENCY!)).toMatchObject({
      kind: 'line',
      outputs: ['p50'],
      view: {
        ...{ metric: 'latency', where: 'channel != x', groupBy: ['channel'], window: '1m', compare: '7d' },
        top: { limit: 50 },
      },
    });
    expect(panelOf({ ...asked, output: 'p99' }, LATENCY!)).toMatchObject({
      outputs: ['p99'],
      view: { top: { limit: 50, by: 'p99' } },
    });
    expect(panelOf({ ...NOTHING, metric: '= a / b' }, null)).toMatchObject({
      ...{ outputs: [], view: { metric: '= a / b', groupBy: [], window: 'auto' } },
    });
  });
});
