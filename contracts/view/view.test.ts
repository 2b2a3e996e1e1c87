import { describe, expect, it } from 'vitest';
import type { Metric } from '../metric/metric.ts';
import { resolveView } from './resolve-view.ts';
import { type View, viewText } from './view.ts';
import { MAX_WINDOWS, parseViewRequest, type ViewRequest } from './view-request.ts';

const METRIC: Metric = {
  id: 'orders',
  title: 'Orders',
  unit: '',
  better: null,
  retention: { pane: 86_400_000, minute: 86_400_000, hour: 86_400_000 },
  events: ['order'],
  where: [],
  aggregate: { name: 'count', field: null, args: [] },
  groupBy: ['country', 'plan'],
  window: 10_000,
  pane: 1_000,
  lateness: 60_000,
};

const RULES = { zoneOf: () => null, outputs: ['value'] };
const view = (request: Partial<ViewRequest>): View => {
  const read = resolveView({ metric: 'orders', ...request }, METRIC, RULES);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
};
const fault = (request: object) => {
  const asked = parseViewRequest({ metric: 'orders', ...request });
  const read = asked.ok ? resolveView(asked.value, METRIC, RULES) : asked;
  return read.ok ? null : read.fault;
};

describe('parseViewRequest', () => {
  it.each([null, 7, 'orders', [{ metric: 'orders' }], undefined])('refuses %j', (raw) => {
    expect(parseViewRequest(raw)).toMatchObject({ ok: false, fault: { code: 'invalid_view' } });
  });

  it('needs a metric, and names what it does not know', () => {
    expect(fault({ metric: 7 })).toMatchObject({ code: 'invalid_view', field: 'metric' });
    expect(fault({ colour: 'red' })).toMatchObject({ code: 'invalid_view', field: 'colour' });
  });
});

describe('resolveView', () => {
  it('completes a request by the metric', () => {
    expect(view({})).toEqual({
      metric: 'orders',
      where: [],
      groupBy: ['country', 'plan'],
      windows: { kind: 'grid', size: 10_000, every: 10_000 },
      range: { kind: 'last', windows: 90 },
      compare: null,
      top: null,
    });
  });

  it('rounds the range up to whole windows', () => {
    expect(view({ window: '7s', range: '10s' }).range).toEqual({ kind: 'last', windows: 2 });
    expect(view({ window: '1m', range: '1s' }).range).toEqual({ kind: 'last', windows: 1 });
  });

  it('accepts windows up to the limit and not one more', () => {
    expect(view({ window: '1s', range: `${MAX_WINDOWS}s` }).range).toEqual({
      kind: 'last',
      windows: MAX_WINDOWS,
    });
    expect(fault({ window: '1s', range: `${MAX_WINDOWS + 1}s` })).toMatchObject({
      code: 'view_too_large',
      field: 'range',
    });
  });

  it('puts dimensions in the order of the metric, and values in their own', () => {
    expect(view({ groupBy: ['plan', 'country', 'plan'] }).groupBy).toEqual(['country', 'plan']);
    expect(view({ where: { plan: ['pro', 'free'], country: 'DE' } }).where).toEqual([
      { path: 'country', op: 'in', values: ['DE'] },
      { path: 'plan', op: 'in', values: ['free', 'pro'] },
    ]);
  });

  it.each([
    [{ window: '1500ms' }, 'invalid_view', 'window'],
    [{ window: 10 }, 'out_of_range', 'window'],
    [{ range: '-1s' }, 'out_of_range', 'range'],
    [{ groupBy: 'country' }, 'invalid_view', 'groupBy'],
    [{ groupBy: ['city'] }, 'invalid_view', 'groupBy'],
    [{ where: { city: 'Bonn' } }, 'not_a_dimension', 'where'],
    [{ where: 'country = DE or city = Bonn' }, 'not_a_dimension', 'where'],
    [{ where: 'country == DE' }, 'invalid_filter', 'where'],
    [{ where: [] }, 'invalid_filter', 'where'],
  ])('refuses %j', (request, code, field) => {
    expect(fault(request)).toMatchObject(field === undefined ? { code } : { code, field });
  });
});

describe('viewText', () => {
  it('is equal for equal views, however they were asked for', () => {
    const a = view({ where: { country: ['FR', 'DE', 'FR'] }, window: '60s', range: '59s' });
    const b = view({
      range: '1m',
      window: '1m',
      where: { country: ['DE', 'FR'] },
      groupBy: ['country', 'plan'],
    });
    expect(viewText(a)).toBe(viewText(b));
  });
});
