import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excessOf, type Filter, MAX_FILTER_TEXT, single } from '../filter/filter.ts';
import { anyFilter, oddText } from '../filter/testing/any-filter.ts';
import { formatText } from '../filter/text-print.ts';
import { type AggregateCall, formatAggregate, parseAggregate } from './aggregate-call.ts';

const equal = (path: string, ...values: string[]): Filter => ({ path, op: 'in', values });
const MINUTES = 60_000;

describe('durations and conditions', () => {
  test.each<[string, AggregateCall, string]>([
    [
      'share(plan = pro)',
      { name: 'share', field: null, args: [], conditions: [equal('plan', 'pro')] },
      'share(plan = pro)',
    ],
    [
      'share( plan in (team, pro) and "a,b" = "(" )',
      {
        name: 'share',
        field: null,
        args: [],
        conditions: [{ op: 'and', of: [equal('a,b', '('), equal('plan', 'pro', 'team')] }],
      },
      'share("a,b" = "(" and plan in (pro, team))',
    ],
    [
      'funnel(90s, (page = "/a,b\\")"), $event=paid)',
      {
        name: 'funnel',
        field: null,
        args: [],
        spans: [90_000],
        conditions: [equal('page', '/a,b")'), equal('$event', 'paid')],
      },
      'funnel(90s, page = "/a,b\\")", $event = paid)',
    ],
    ['sessions(30m)', { name: 'sessions', field: null, args: [], spans: [30 * MINUTES] }, 'sessions(30m)'],
    [
      'sessions(1800s,24h)',
      { name: 'sessions', field: null, args: [], spans: [30 * MINUTES, 1_440 * MINUTES] },
      'sessions(30m, 1d)',
    ],
    [
      'retention(1w, 4)',
      { name: 'retention', field: null, args: [4], spans: [10_080 * MINUTES] },
      'retention(7d, 4)',
    ],
    [
      'increase(requests_total)',
      { name: 'increase', field: 'requests_total', args: [] },
      'increase(requests_total)',
    ],
    [
      'counter_rate("a, b" ,60m)',
      { name: 'counter_rate', field: 'a, b', args: [], spans: [60 * MINUTES] },
      'counter_rate("a, b", 1h)',
    ],
    [
      'time_weighted(temperature, 500ms)',
      { name: 'time_weighted', field: 'temperature', args: [], spans: [500] },
      'time_weighted(temperature, 500ms)',
    ],
  ])('reads %s', (text, call, canonical) => {
    expect(parseAggregate(text)).toStrictEqual({ ok: true, value: call });
    expect(formatAggregate(call)).toBe(canonical);
  });

  test.each([
    ['share', 'share expects one condition, such as "share(plan = pro)", got nothing there.'],
    [
      'share(a = 1, b = 2)',
      'share expects one condition, such as "share(plan = pro)", got "a = 1" and 1 more.',
    ],
    ['share()', 'got nothing there.'],
    ['share(a = 1,)', 'got "a = 1" and 1 more.'],
    ['funnel(a = 1, b = 2)', 'funnel expects a duration, then 2 to 10 conditions'],
    ['funnel(30m, a = 1)', 'such as "funnel(30m, page = /cart, page = /paid)", got "a = 1".'],
    [`funnel(30m${', a = 1'.repeat(11)})`, 'got "a = 1" and 10 more.'],
    ['funnel(30m, a = 1, )', 'condition 2 of funnel is empty: name a test'],
    [
      'ratio(a = 1)',
      'ratio expects two conditions, such as "ratio(status = failed, status = ok)", got "a = 1".',
    ],
    ['sessions(30)', 'got "30". A duration is a whole number above 0'],
    ['sessions(30 m)', 'got "30 m". A duration is a whole number above 0'],
    ['sessions(0s)', 'got "0s".'],
    ['sessions(1s, 2s, 3s)', 'sessions expects one or two durations, such as "sessions(30m)", got "3s".'],
    [
      'retention(1d)',
      'retention expects a duration, then a number of periods, such as "retention(1d, 7)", got nothing',
    ],
    ['retention(1d, NaN)', 'got "NaN".'],
    ['retention(7, 1d)', 'got "7" and 1 more. A duration is a whole number above 0'],
    ['increase(x, y)', 'increase expects a property, then at most one duration'],
    ['increase(x, 1h, 2h)', 'got "2h".'],
    ['time_weighted(x, 3)', 'such as "time_weighted(temperature, 10m)", got "3".'],
    ['increase(a, b, 1h)', 'got "b" and 1 more.'],
  ])('refuses %s', (text, message) => {
    const read = parseAggregate(text);
    expect(read).toMatchObject({ ok: false, fault: { code: 'invalid_definition', field: 'aggregate' } });
    expect(read.ok ? '' : read.fault.message).toContain(message);
  });

  test.each([
    ['share(plan)', 'aggregate: the condition of share: at character 5: expected'],
    ['funnel(1h, a = 1, b = )', 'aggregate: condition 2 of funnel: at character'],
    ['share(a = 1))', 'aggregate: the condition of share: at character 6: expected'],
    ['share((a = 1)', 'aggregate: the condition of share: at character'],
    ['share(a = "1)', 'aggregate: the condition of share: at character 5'],
  ])('refuses the condition in %s', (text, message) => {
    const read = parseAggregate(text);
    expect(read).toMatchObject({ ok: false, fault: { code: 'invalid_filter', field: 'aggregate' } });
    expect(read.ok ? '' : read.fault.message).toContain(message);
  });

  test('a condition is no longer than what is read back, and all of them have a bound together', () => {
    const values = Array.from({ length: 250 }, (_, i) => String(i).padStart(15, 'x'));
    const long = parseAggregate(`share(a in (${values.join(',')}))`);
    expect(long.ok ? '' : long.fault.message).toContain('has more than 4096 characters');
    const longer = parseAggregate(`share(a = ${'x'.repeat(5_000)})`);
    expect(longer.ok ? '' : longer.fault.message).toContain('has more than 4096 characters');
    const many = Array.from({ length: 5 }, (_, i) => `a${i} = 1 and b = 1 and c = 1`).join(' and ');
    const all = parseAggregate(`funnel(1h, ${Array.from({ length: 5 }, () => many).join(', ')})`);
    expect(all.ok ? '' : all.fault.message).toContain('35 conditions; 32 are allowed.');
  });
});

const condition = anyFilter(
  fc.oneof(fc.constantFrom('a', 'b', '$key', 'a,b', '"', '(', 'x.y', '30m'), oddText),
)
  .filter((filters) => filters.length > 0)
  .map(single)
  .filter((filter) => excessOf([filter]) === null && formatText([filter]).length <= MAX_FILTER_TEXT / 4);
const span = fc.oneof(
  fc.constantFrom(1, 500, 60_000, 86_400_000, 604_800_000),
  fc.integer({ min: 1, max: 999_999_999 }),
);
const field = fc.string({ minLength: 1, maxLength: 20, unit: 'binary' });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);

const anyCall: fc.Arbitrary<AggregateCall> = fc.oneof(
  condition.map((one) => ({ name: 'share', field: null, args: [], conditions: [one] })),
  fc
    .tuple(
      span,
      fc.array(condition, { minLength: 2, maxLength: 3 }).filter((all) => excessOf(all) === null),
    )
    .map(([one, conditions]) => ({ name: 'funnel', field: null, args: [], spans: [one], conditions })),
  fc
    .array(span, { minLength: 1, maxLength: 2 })
    .map((spans) => ({ name: 'sessions', field: null, args: [], spans })),
  fc
    .tuple(span, number)
    .map(([one, count]) => ({ name: 'retention', field: null, args: [count], spans: [one] })),
  fc
    .tuple(fc.constantFrom('increase', 'counter_rate', 'time_weighted'), field, fc.option(span))
    .map(([name, path, one]) => ({ name, field: path, args: [], ...(one === null ? {} : { spans: [one] }) })),
);

test('the canonical text reads back to the same call', () => {
  fc.assert(
    fc.property(anyCall, (call) => {
      const text = formatAggregate(call);
      expect(parseAggregate(text), text).toEqual({ ok: true, value: call });
      expect(parseAggregate(text, { stored: true }), text).toEqual({ ok: true, value: call });
    }),
    { numRuns: 1_000 },
  );
});
