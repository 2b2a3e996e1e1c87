import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createZoneTable } from '#platform/time/zone-table.ts';
import type { Metric } from '../metric/metric.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../text/duration.ts';
import { autoWindow } from './auto-window.ts';
import { resolveView } from './resolve-view.ts';
import { counterpartOf, endOfTimeline, startsOf, timelineOf } from './timeline.ts';
import { requestOf, type View, viewText } from './view.ts';
import { parseViewRequest, type ViewRequest } from './view-request.ts';
import { endOf, startsHolding } from './windows.ts';

const METRIC: Metric = {
  id: 'orders',
  title: 'Orders',
  unit: '',
  better: null,
  retention: { pane: 30 * DAY, minute: 30 * DAY, hour: 365 * DAY },
  events: ['order'],
  where: [],
  aggregate: { name: 'count', field: null, args: [] },
  groupBy: ['country'],
  window: 10 * SECOND,
  pane: SECOND,
  lateness: MINUTE,
};
const RULES = { zoneOf: createZoneTable(), outputs: ['value', 'p99'] };
const resolve = (request: object, metric = METRIC) => {
  const asked = parseViewRequest({ metric: 'orders', ...request });
  return asked.ok ? resolveView(asked.value, metric, RULES) : asked;
};
const view = (request: Omit<ViewRequest, 'metric'>, metric = METRIC): View => {
  const read = resolve(request, metric);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
};
const at = (text: string): number => Date.parse(text);
const starts = (request: Omit<ViewRequest, 'metric'>, reach: number): number[] => [
  ...startsOf(timelineOf(view(request), reach)),
];
const BERLIN = 'Europe/Berlin';

describe('the windows of a range', () => {
  it('case 21: overlapping windows hold an event that is in several', () => {
    const asked = view({
      window: { size: '60m', every: '40m' },
      range: { from: at('2001-09-09T02:00:00Z'), to: at('2001-09-09T04:00:00Z') },
    });
    const timeline = timelineOf(asked, at('2020-01-01T00:00:00Z'));
    const zero = timeline.first;
    const counted = [50, 65].flatMap((minutes) => startsHolding(timeline.windows, zero + minutes * MINUTE));
    const counts = [...startsOf(timeline)].map((start) => counted.filter((one) => one === start).length);
    expect(counts).toEqual([1, 2, 0]);
  });

  it('of a moving range end with the window that is complete next', () => {
    const now = at('2026-11-30T12:00:05Z');
    expect(starts({ range: '30s' }, now)).toEqual(
      [-20, -10, 0].map((s) => at('2026-11-30T12:00:00Z') + s * SECOND),
    );
    const [first, ...others] = starts({ window: { size: '1h', every: '10s' }, range: '20s' }, now);
    expect([first! + HOUR, others.at(-1)! + HOUR]).toEqual([
      at('2026-11-30T12:00:00Z'),
      at('2026-11-30T12:00:10Z'),
    ]);
  });

  it('of a range between two times are those that are not over at its start and begin before its end', () => {
    const range = { from: '2026-11-30T12:00:05Z', to: '2026-11-30T12:00:20Z' };
    const after = at('2026-12-01T00:00:00Z');
    expect(starts({ range }, after)).toEqual([0, 10].map((s) => at('2026-11-30T12:00:00Z') + s * SECOND));
    expect(starts({ range }, at('2026-11-30T12:00:09Z'))).toEqual([at('2026-11-30T12:00:00Z')]);
    expect(starts({ range }, at('2026-11-30T11:00:00Z'))).toEqual([]);
  });

  it('of a calendar period begin with it, and are those so far', () => {
    const range = { this: 'day', timezone: 'Asia/Kathmandu' } as const;
    const found = starts({ range, window: '1h' }, at('2026-11-01T00:00:00Z'));
    expect(found[0]).toBe(at('2026-10-31T18:15:00Z'));
    expect(found).toHaveLength(6);
  });

  it('case 7: hours of a day with a change of clocks are 25', () => {
    const range = { this: 'day', timezone: BERLIN } as const;
    const window = { calendar: 'hour', timezone: BERLIN } as const;
    expect(starts({ range, window }, at('2026-10-25T22:59:59Z'))).toHaveLength(25);
  });

  it('count days of a duration as days, whatever the clocks do', () => {
    const window = { calendar: 'day', timezone: BERLIN } as const;
    for (const now of ['2026-10-26T12:00:00Z', '2027-03-29T12:00:00Z', '2026-07-01T12:00:00Z'])
      expect(starts({ window, range: '7d' }, at(now))).toHaveLength(7);
  });

  it('of all of a moving range are one, of that length', () => {
    const timeline = timelineOf(view({ window: 'whole', range: '15m' }), at('2026-11-30T12:00:05Z'));
    expect(endOfTimeline(timeline) - timeline.first).toBe(15 * MINUTE);
    expect(endOfTimeline(timeline)).toBe(at('2026-11-30T12:00:10Z'));
  });
});

describe('a round window for a range', () => {
  it.each([
    [15 * MINUTE, 600, SECOND, 2 * SECOND],
    [7 * DAY, 600, SECOND, 30 * MINUTE],
    [365 * DAY, 600, MINUTE, DAY],
    [HOUR, 60, 7 * SECOND, 70 * SECOND],
    [HOUR, 2_000, SECOND, 2 * SECOND],
  ])('%i ms in %i windows of panes of %i ms: %i ms', (range, points, pane, size) => {
    expect(autoWindow(range, points, pane)).toBe(size);
  });

  it('always is a multiple of the pane, and never makes more windows than asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 * 365 * DAY }),
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 86_400 }),
        (range, points, seconds) => {
          const size = autoWindow(range, points, seconds * SECOND);
          expect(size % (seconds * SECOND)).toBe(0);
          expect(Math.ceil(range / size)).toBeLessThanOrEqual(points);
        },
      ),
    );
  });
});

describe('the earlier range', () => {
  const counterpart = (request: Omit<ViewRequest, 'metric'>, now: string) => {
    const asked = view(request);
    const timeline = timelineOf(asked, at(now));
    return { timeline, before: counterpartOf(asked, asked.compare!, timeline) };
  };

  it('case 15: ends where the range begins, so that an event at the border is in the later one only', () => {
    const { timeline, before } = counterpart(
      { range: '7d', window: '1d', compare: 'previous' },
      '2026-11-30T12:00:00Z',
    );
    expect(endOfTimeline(before)).toBe(timeline.first);
    expect([...startsOf(before)]).toHaveLength(7);
  });

  it('of overlapping windows shares nothing with it', () => {
    const window = { size: '60m', every: '40m' };
    const { timeline, before } = counterpart(
      { range: '2h', window, compare: 'previous' },
      '2026-11-30T12:00:00Z',
    );
    expect(endOfTimeline(before)).toBeLessThanOrEqual(timeline.first);
  });

  it('of a calendar month has its own days', () => {
    const window = { calendar: 'day', timezone: BERLIN } as const;
    const range = { this: 'month', timezone: BERLIN } as const;
    const { before } = counterpart({ window, range, compare: 'previous' }, '2026-11-30T12:00:00Z');
    expect(before.first).toBe(at('2026-09-30T22:00:00Z'));
  });

  it('a week earlier, of days with a change of clocks between, keeps to the days', () => {
    const window = { calendar: 'day', timezone: BERLIN } as const;
    const { timeline, before } = counterpart({ window, range: '1d', compare: '7d' }, '2026-10-26T12:00:00Z');
    expect(timeline.first).toBe(at('2026-10-25T23:00:00Z'));
    expect(before.first).toBe(at('2026-10-18T22:00:00Z'));
  });
});

describe('what the metric does not allow', () => {
  it.each([
    [{ window: { calendar: 'day', timezone: 'Mars/Olympus' } }, 'window.timezone', 'Europe/Berlin'],
    [{ range: { from: '2026-11-30T12:00:00Z', to: '2026-11-30T12:00:00Z' } }, 'range.to', 'after from'],
    [{ window: { size: '1500ms', every: '10s' } }, 'window.size', 'multiple of the pane'],
    [{ compare: { calendar: 'month' } }, 'compare', '"30d"'],
    [{ compare: '1500ms' }, 'compare', 'multiple of 1s'],
    [{ top: { by: 'p50', limit: 3 } }, 'top.by', 'value, p99'],
    [{ groupBy: [], top: { limit: 3 } }, 'top', 'no groups'],
    [{ range: '365d', window: '10m' }, 'range', 'window: auto'],
  ])('%j is refused by %s', (request, field, text) => {
    const read = resolve(request);
    expect(read.ok ? null : read.fault).toMatchObject({ field, message: expect.stringContaining(text) });
  });

  it('case 8: panes that lie across the days of a zone are refused with what would fit', () => {
    const hourly = { ...METRIC, pane: HOUR, window: HOUR };
    const window = { calendar: 'day', timezone: 'Asia/Kathmandu' };
    const read = resolve({ window, range: '7d' }, hourly);
    expect(read.ok ? null : read.fault).toMatchObject({
      code: 'invalid_view',
      message: expect.stringContaining('pane: 15m'),
    });
    expect(resolve({ window, range: '7d' }, { ...METRIC, pane: 15 * MINUTE, window: HOUR }).ok).toBe(true);
  });
});

const duration = fc.constantFrom('10s', '30s', '1m', '5m');
const request = fc.record(
  {
    window: fc.oneof(
      duration,
      fc.constantFrom('auto', 'whole'),
      fc.record({ size: duration, every: duration }),
      fc.record({
        calendar: fc.constantFrom('hour', 'day', 'week', 'month'),
        timezone: fc.constantFrom('UTC', BERLIN),
      }),
    ),
    range: fc.oneof(
      fc.constantFrom('1m', '15m', '1h'),
      fc.record({
        from: fc.integer({ min: 1.5e12, max: 1.6e12 }),
        to: fc.integer({ min: 1.6e12 + 1, max: 1.600001e12 }),
      }),
      fc.record({ this: fc.constantFrom('hour', 'day'), timezone: fc.constantFrom('UTC', BERLIN) }),
    ),
    compare: fc.constantFrom(null, 'previous', '1d'),
    top: fc.constantFrom(null, { limit: 3 }, { by: 'p99', limit: 1 }),
  },
  { requiredKeys: [] },
);

it('a view gives a request that means the same view', () => {
  let resolved = 0;
  fc.assert(
    fc.property(request, (asked) => {
      const read = resolve(asked);
      if (!read.ok) return;
      resolved++;
      expect(viewText(view(requestOf(read.value)))).toBe(viewText(read.value));
    }),
    { numRuns: 1_000 },
  );
  expect(resolved).toBeGreaterThan(200);
});

it('every pane is in the windows that begin at most a size before it', () => {
  const windows = fc.record({ size: duration, every: duration });
  fc.assert(
    fc.property(windows, fc.nat(3_600), (window, second) => {
      const { windows: grid } = timelineOf(view({ window, range: '1h' }), at('2026-11-30T12:00:00Z'));
      const pane = at('2026-11-30T11:00:00Z') + second * SECOND;
      for (const start of startsHolding(grid, pane)) {
        expect(start).toBeLessThanOrEqual(pane);
        expect(endOf(grid, start)).toBeGreaterThan(pane);
      }
    }),
  );
});
