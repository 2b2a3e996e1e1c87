import { expect, it } from 'vitest';
import { exactnessOf, readMetrics } from './known-metrics.ts';

it('reads what a definition says, and leaves out what is none', () => {
  const [errors, ratio, ...rest] = readMetrics({
    metrics: [
      {
        id: 'errors',
        title: 'Errors',
        unit: 'ms',
        event: '*',
        aggregate: 'quantiles(ms, 0.5, 0.999)',
        lateness: '1m',
        where: { a: 1 },
      },
      { id: 'ratio', expression: 'errors / orders', groupBy: ['service'] },
      { title: 'nameless' },
      7,
    ],
  });
  expect(errors).toEqual({
    ...{ id: 'errors', title: 'Errors', unit: 'ms', aggregate: 'quantiles(ms, 0.5, 0.999)', events: null },
    ...{ groupBy: [], where: 'a = 1', window: null, lateness: 60_000, isDerived: false, adds: false },
    outputs: ['p50', 'p99_9'],
  });
  expect(ratio).toMatchObject({
    title: 'ratio',
    isDerived: true,
    aggregate: 'errors / orders',
    outputs: ['value'],
  });
  expect(rest).toEqual([]);
  expect(() => readMetrics(null)).toThrow('expected a list of metrics');
});

it('says how exact the values are', () => {
  const words = (aggregate: string, isDerived = false) => exactnessOf({ aggregate, isDerived });
  expect(words('count')).toBe('exact');
  expect(words('p99(ms)')).toContain('0.8 %');
  expect(words('distinct(user)')).toContain('1,024');
  expect(words('sum(amount)')).toContain('rounded');
  expect(words('a / b', true)).toContain('computed from');
});
