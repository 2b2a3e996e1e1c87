import { describe, expect, test } from 'vitest';
import { formatAggregate, parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { AGGREGATES, aggregateOf, checkAggregate } from './registry.ts';
import { everyAggregate } from './testing/law-inputs.ts';

function check(text: string) {
  const form = parseAggregate(text);
  if (!form.ok) throw new Error(form.fault.message);
  return checkAggregate(form.value);
}

describe('the registry', () => {
  test('names each aggregate as the aggregate names itself', () => {
    for (const [name, family] of AGGREGATES) expect(family.name).toBe(name);
    for (const [name, aggregate] of everyAggregate())
      expect(name).toMatch(new RegExp(`^${aggregate.name}(_2)?$`));
    expect([...AGGREGATES.keys()].sort()).toEqual([
      'avg',
      'count',
      'counter_rate',
      'distinct',
      'first',
      'funnel',
      'histogram',
      'increase',
      'last',
      'max',
      'median',
      'min',
      'percentile_rank',
      'quantiles',
      'rate',
      'ratio',
      'retention',
      'sessions',
      'share',
      'stddev',
      'sum',
      'time_weighted',
      'topk',
      'variance',
    ]);
  });

  test.each([
    ['count', 'count'],
    ['rate', 'rate'],
    ['sum(amount)', 'sum(amount)'],
    ['distinct( user.id )', 'distinct(user.id)'],
    ['quantiles(x, 0.99, 0.5, 0.5)', 'quantiles(x, 0.5, 0.99)'],
    ['p99_9(x)', 'quantiles(x, 0.999)'],
    ['p100(x)', 'quantiles(x, 1)'],
    ['median(x)', 'median(x)'],
    ['increase(x)', 'increase(x)'],
    ['increase(x, 60m)', 'increase(x)'],
    ['counter_rate(x, 600s)', 'counter_rate(x, 10m)'],
    ['time_weighted(x)', 'time_weighted(x)'],
    ['time_weighted(x, 300s)', 'time_weighted(x)'],
    ['time_weighted(x, 1d)', 'time_weighted(x, 1d)'],
    ['variance(x)', 'variance(x)'],
    ['stddev(x)', 'stddev(x)'],
    ['first(x)', 'first(x)'],
    ['last(cart.total)', 'last(cart.total)'],
    ['share( plan=pro )', 'share(plan = pro)'],
    ['ratio(status = failed,status = ok)', 'ratio(status = failed, status = ok)'],
    ['histogram(x, 300, 100, 300, -0)', 'histogram(x, 0, 100, 300)'],
    ['histogram( x )', 'histogram(x)'],
    ['retention(1w, 8)', 'retention(7d, 8)'],
    ['sessions(30m)', 'sessions(30m)'],
    ['sessions( 1800s , 240m )', 'sessions(30m, 4h)'],
    ['sessions(30m, 24h)', 'sessions(30m)'],
    ['funnel( 60s,page=/a , $event=paid )', 'funnel(1m, page = /a, $event = paid)'],
    ['percentile_rank(x, 300, -2, 300, -0)', 'percentile_rank(x, -2, 0, 300)'],
  ])('accepts %s as %s', (text, canonical) => {
    const result = check(text);
    expect(result.ok && formatAggregate(result.value)).toBe(canonical);
    expect(result.ok && aggregateOf(result.value).check(result.value)).toEqual(result);
  });

  test.each([
    'count(x)',
    'rate(x)',
    'sum',
    'avg(x, 1)',
    'min',
    'distinct',
    'quantiles(x)',
    'quantiles',
    'quantiles(x, 1.1)',
    'quantiles(x, -0.1)',
    'quantiles(x, 0.12345678)',
    'median',
    'median(x, 0.5)',
    'variance',
    'stddev(x, 1)',
    'first',
    'last(x, 2)',
    'histogram',
    `histogram(x${Array.from({ length: 51 }, (_, i) => `, ${i}`).join('')})`,
    'time_weighted',
    'retention(1h, 7)',
    'retention(36h, 7)',
    'retention(1d, 0)',
    'retention(1d, 1.5)',
    'retention(1d, 53)',
    'percentile_rank',
    'percentile_rank(x)',
    'percentile_rank(x, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)',
  ])('refuses %s', (text) => {
    expect(check(text)).toMatchObject({
      ok: false,
      fault: { code: 'invalid_definition', field: 'aggregate' },
    });
  });

  test.each([
    ['sessions(30m, 2d)', 'a session is 1m to 1d long at most, got 2d.'],
    ['sessions(5s, 30s)', 'a session is 1m to 1d long at most, got 30s.'],
    ['sessions(999ms)', 'a session ends after a gap of 1s to 1d, which is as long as it may be, got 999ms.'],
    ['sessions(2h, 1h)', 'a session ends after a gap of 1s to 1h, which is as long as it may be, got 2h.'],
  ])('%s is out of range', (text, message) => {
    expect(check(text)).toEqual({
      ok: false,
      fault: { code: 'out_of_range', field: 'aggregate', message: `aggregate: ${message}` },
    });
  });

  test.each([
    ['averag(x)', 'avg'],
    ['conut', 'count'],
    ['quantile(x, 0.5)', 'quantiles'],
    ['summ(x)', 'sum'],
    ['std_dev(x)', 'stddev'],
    ['percentile(x, 3)', 'percentile_rank'],
    ['meidan(x)', 'median'],
  ])('%s is unknown, and the answer names %s', (text, near) => {
    const result = check(text);
    expect(result).toMatchObject({ ok: false, fault: { code: 'unknown_aggregate', field: 'aggregate' } });
    expect(result.ok ? '' : result.fault.message).toContain(`Did you mean ${near}`);
  });

  test.each(['top(x, 20)', 'constructor', 'a'])('%s is unknown; the answer lists what there is', (text) => {
    const result = check(text);
    expect(result.ok ? '' : result.fault.code).toBe('unknown_aggregate');
    for (const name of AGGREGATES.keys()) expect(result.ok ? '' : result.fault.message).toContain(name);
  });

  test('aggregateOf throws a coded error for what was never checked', () => {
    expect(() => aggregateOf({ name: 'nope', field: null, args: [] })).toThrow(
      expect.objectContaining({ code: 'unknown_aggregate' }),
    );
  });
});
