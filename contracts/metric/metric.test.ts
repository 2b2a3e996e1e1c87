import { describe, expect, test } from 'vitest';
import { ok } from '../errors.ts';
import { formatText } from '../filter/text-print.ts';
import { countedWhere, foldText, formatMetric, type MetricRules, parseMetric } from './metric.ts';

const DAY = 86_400_000;
const RULES: MetricRules = { checkAggregate: ok, horizon: 3_600_000 };
const FULL = {
  title: 'Checkout latency',
  unit: 'ms',
  event: ['checkout', 'pay', 'checkout'],
  where: { plan: ['pro', 'team'], amount: { gt: 0 }, gone: null },
  aggregate: 'quantiles(latency_ms, 0.5, 0.99)',
  groupBy: ['country', 'cart.kind'],
  window: '2m',
  lateness: '30s',
  retention: '7d',
  better: 'lower',
};

function parse(raw: unknown, id = 'checkout_latency') {
  const read = parseMetric(id, raw, RULES);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

describe('parseMetric', () => {
  test('completes what is left out', () => {
    expect(parse({ event: 'order', aggregate: 'count' }, 'orders')).toEqual({
      id: 'orders',
      title: 'orders',
      unit: '',
      better: null,
      retention: { pane: 30 * DAY, minute: 30 * DAY, hour: 3 * 365 * DAY },
      events: ['order'],
      where: [],
      aggregate: { name: 'count', field: null, args: [] },
      groupBy: [],
      window: 10_000,
      pane: 1_000,
      lateness: 60_000,
    });
  });

  test('reads everything', () => {
    expect(parse(FULL)).toMatchObject({
      events: ['checkout', 'pay'],
      groupBy: ['country', 'cart.kind'],
      window: 120_000,
      pane: 10_000,
      lateness: 30_000,
      better: 'lower',
    });
    expect(parse({ event: '*', aggregate: 'count', groupBy: 'country' })).toMatchObject({
      events: null,
      groupBy: ['country'],
    });
  });

  test.each([
    ['time_weighted(x)', {}, 10_000, 5_000],
    ['time_weighted(x, 100s)', {}, 10_000, 1_000],
    ['time_weighted(x, 10m)', { window: '1h' }, 3_600_000, 60_000],
    ['time_weighted(x, 1d)', { window: '1d' }, 86_400_000, 900_000],
    ['time_weighted(x, 10m)', { window: '1m', pane: '6s' }, 60_000, 6_000],
  ])('gives %s with %j panes that are not too many', (aggregate, times, window, pane) => {
    expect(parse({ event: 'e', aggregate, ...times })).toMatchObject({ window, pane });
  });

  test.each([
    ['time_weighted(x)', { pane: '1s' }, 'a pane of 5s, or a shorter hold: time_weighted(x, 100s).'],
    ['time_weighted(x, 1h)', {}, 'a window of 36s or more, or a shorter hold: time_weighted(x, 1000s).'],
  ])('refuses %s with %j, and says what would fit', (aggregate, times, fitting) => {
    const read = parseMetric('m', { event: 'e', aggregate, ...times }, RULES);
    expect(read).toMatchObject({ ok: false, fault: { code: 'out_of_range', field: 'pane' } });
    expect(!read.ok && read.fault.message).toContain(`Use ${fitting}`);
    // What was accepted once is read for ever.
    expect(parseMetric('m', { event: 'e', aggregate, ...times }, { ...RULES, stored: true }).ok).toBe(true);
  });

  test('reads a filter as text, and writes the object that says the same', () => {
    const metric = parse({ ...FULL, where: 'plan = pro and (amount > 10 or not user exists)' });
    expect(formatMetric(metric).where).toEqual({
      plan: ['pro'],
      or: [{ amount: { gt: 10 } }, { user: { exists: false } }],
    });
    expect(parse(formatMetric(metric))).toEqual(metric);
  });

  test('keeps the identity that filters had when there were only lists and comparisons', () => {
    const where = { plan: ['team', 'pro'], or: 'x', not: { gt: 5, not: null }, amount: { lt: 9, gt: 0 } };
    // States of a data folder are found by this text.
    expect(foldText(parse({ event: 'e', aggregate: 'count', where }, 'm'))).toBe(
      '[["e"],[{"path":"amount","op":"gt","value":0},{"path":"amount","op":"lt","value":9},' +
        '{"path":"not","op":"gt","value":5},{"path":"not","op":"notIn","values":["__missing__"]},' +
        '{"path":"or","op":"in","values":["x"]},{"path":"plan","op":"in","values":["pro","team"]}],' +
        '"count",[],1000,60000]',
    );
  });

  test.each([
    ['an unknown field', { lookback: '1m' }, 'invalid_definition', 'lookback'],
    ['no event', { event: undefined }, 'invalid_definition', 'event'],
    ['an empty list of events', { event: [] }, 'invalid_definition', 'event'],
    ['"*" in a list', { event: ['*', 'a'] }, 'invalid_definition', 'event'],
    ['another id', { id: 'other' }, 'invalid_definition', 'id'],
    ['a title of 201 characters', { title: 'x'.repeat(201) }, 'invalid_definition', 'title'],
    ['a unit that is a number', { unit: 5 }, 'invalid_definition', 'unit'],
    ['better: more', { better: 'more' }, 'invalid_definition', 'better'],
    ['a bad aggregate', { aggregate: 'sum(' }, 'invalid_definition', 'aggregate'],
    ['a filter that is text', { where: 'plan' }, 'invalid_filter', 'where'],
    ['nine dimensions', { groupBy: [...'abcdefghi'] }, 'invalid_definition', 'groupBy'],
    ['a dimension twice', { groupBy: ['a', 'a'] }, 'invalid_definition', 'groupBy'],
    ['a window without unit', { window: 10 }, 'invalid_window', 'window'],
    ['a window of half seconds', { window: '1500ms' }, 'invalid_window', 'window'],
    ['a window above a day', { window: '2d' }, 'invalid_window', 'window'],
    ['a pane that does not divide', { window: '10s', pane: '3s' }, 'invalid_window', 'pane'],
    ['lateness above the horizon', { lateness: '61m' }, 'out_of_range', 'lateness'],
    ['a retention of nothing', { retention: '0d' }, 'out_of_range', 'retention'],
    ['a retention of another size', { retention: { '1d': '9y' } }, 'out_of_range', 'retention.1d'],
    ['a retention of a size that is nothing', { retention: { '1m': '0d' } }, 'out_of_range', 'retention.1m'],
    [
      'minutes that are kept shorter than panes',
      { retention: { '1s': '2d', '1m': '1d' } },
      'out_of_range',
      'retention.1m',
    ],
    [
      'hours that are kept shorter than panes',
      { retention: { '1s': '2d', '1h': '47h' } },
      'out_of_range',
      'retention.1h',
    ],
  ])('refuses %s', (_what, over, code, field) => {
    expect(parseMetric('checkout_latency', { ...FULL, ...over }, RULES)).toMatchObject({
      ok: false,
      fault: { code, field },
    });
  });

  test.each([
    ['7d', [7, 7, 7]],
    [{}, [30, 30, 1_095]],
    [{ '1s': '2d', '1m': '30d', '1h': '3y' }, [2, 30, 1_095]],
    [{ '1s': '60d' }, [60, 60, 1_095]],
    [{ '1h': '1w' }, [7, 7, 7]],
    [{ '1m': '4y' }, [30, 1_460, 1_460]],
    [{ '1s': '2d', '1h': '20d' }, [2, 20, 20]],
  ])('reads the retention %j', (retention, [pane, minute, hour]) => {
    const days = { pane: pane! * DAY, minute: minute! * DAY, hour: hour! * DAY };
    expect(parse({ ...FULL, retention }).retention).toEqual(days);
  });

  test.each(['count', null, [], 5])('refuses %j, which is not an object', (raw) => {
    expect(parseMetric('m', raw, RULES)).toMatchObject({ ok: false, fault: { code: 'invalid_definition' } });
  });

  test.each(['', 'Upper', '1st', 'a b', 'x'.repeat(101), '../x'])('refuses the id %j', (id) => {
    expect(parseMetric(id, FULL, RULES)).toMatchObject({
      ok: false,
      fault: { code: 'invalid_definition', field: 'id' },
    });
  });

  test('returns what the registry says of the aggregate', () => {
    const fault = { code: 'unknown_aggregate' as const, message: 'no such' };
    const read = parseMetric('m', FULL, { ...RULES, checkAggregate: () => ({ ok: false, fault }) });
    expect(read).toEqual({ ok: false, fault });
  });
});

test('a metric written out reads back to the same metric', () => {
  for (const raw of [
    FULL,
    { event: '*', aggregate: 'count' },
    { ...FULL, retention: { '1s': '2d' } },
    { ...FULL, event: 'one', pane: '1s', better: undefined },
  ]) {
    const metric = parse(raw);
    expect(parse(JSON.parse(JSON.stringify(formatMetric(metric))))).toEqual(metric);
  }
});

test('an event that is no step of a funnel does not count', () => {
  const where = { plan: 'pro' };
  const share = parse({ event: '*', where, aggregate: 'share(page = /cart)' });
  expect(countedWhere(share)).toEqual(share.where);
  const funnel = parse({ event: '*', where, aggregate: 'funnel(1h, page = /cart, $event = paid or x > 0)' });
  expect(formatText(countedWhere(funnel))).toBe('plan = pro and ($event = paid or page = /cart or x > 0)');
});

test('only what changes the fold changes its text', () => {
  const text = foldText(parse(FULL));
  for (const over of [
    { title: 'x' },
    { unit: 's' },
    { better: 'higher' },
    { retention: '1d' },
    { retention: { '1h': '3y' } },
    { window: '1m', pane: '10s' },
  ]) {
    expect(foldText(parse({ ...FULL, ...over }))).toBe(text);
  }
  for (const over of [
    { event: 'a' },
    { where: {} },
    { aggregate: 'count' },
    { groupBy: [] },
    { pane: '1s' },
    { lateness: '1m' },
  ]) {
    expect(foldText(parse({ ...FULL, ...over }))).not.toBe(text);
  }
});
