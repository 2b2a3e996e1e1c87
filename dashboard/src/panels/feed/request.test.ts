import { expect, it } from 'vitest';
import { PANEL_KINDS, type Panel } from '#contracts/board/panel.ts';
import { DAY, durationOf, HOUR } from '#contracts/text/duration.ts';
import { autoWindow } from '#contracts/view/auto-window.ts';
import { MAX_WINDOWS } from '#contracts/view/view-request.ts';
import { FORMATS } from '../../../testing/usual-formats.ts';
import { plotWidthOf } from '../../charts/axis/gutter.ts';
import { between, last, type PageRange, RANGES } from '../../range/page-range.ts';
import { figureRequestOf, rangeOf, requestOf } from './request.ts';

const { calendar } = FORMATS;

const QUARTER = last(900_000);
const now = (range: PageRange) => ({ range, moment: null, calendar });
const panel = (kind: Panel['kind'], view: Panel['view']): Panel => ({
  id: 'p',
  kind,
  title: '',
  place: { x: 0, y: 0, w: 1, h: 1 },
  view,
  outputs: [],
});

/** The length of the windows that a request gives, ms, and how many. */
function windowsOf({ window, range, points }: NonNullable<ReturnType<typeof requestOf>>) {
  const length = durationOf(range as string);
  const size = window === 'auto' ? autoWindow(length, points!, 1_000) : durationOf(window as string);
  return { size, count: Math.ceil(length / size) };
}

it('asks for the range of the page and two windows more, so that a line enters from the left', () => {
  expect(requestOf(panel('line', { metric: 'm', window: '10s' }), now(QUARTER))).toEqual({
    metric: 'm',
    window: '10s',
    range: '920s',
  });
});

it('compares a chart with the range before as long as it is shown, whatever is asked for beside it', () => {
  const asked = (
    window: string,
    range: PageRange,
    compare: NonNullable<Panel['view']>['compare'] = 'previous',
  ) => requestOf(panel('line', { metric: 'm', window, compare }), now(range))!;
  expect(asked('10s', QUARTER)).toMatchObject({ range: '920s', compare: '15m' });
  expect(asked('10s', last(30 * DAY))).toMatchObject({ window: 'auto', compare: '30d' });
  expect(asked('10s', QUARTER, '7d')).toMatchObject({ range: '920s', compare: '7d' });
  expect(asked('10s', between(0, 900_000)).compare).toBe('previous');
  // Not a multiple of the window, or of one that only the gateway knows: then both are what is asked for.
  expect(asked('7s', last(60_000))).toMatchObject({ range: '1m', compare: 'previous' });
  expect(asked('auto', QUARTER)).toMatchObject({ range: '15m', compare: 'previous' });
  expect(asked('auto', QUARTER, '1d')).toMatchObject({ range: '904s', compare: '1d' });
});

it('asks for no comparison that is not shown, and ranks no groups of a stat', () => {
  const view = { metric: 'm', window: '10s', compare: 'previous', top: { limit: 5 } } as const;
  expect(requestOf(panel('top', view), now(QUARTER))).not.toHaveProperty('compare');
  expect(requestOf(panel('stat', view), now(QUARTER))).not.toHaveProperty('top');
  expect(requestOf(panel('table', view), now(QUARTER))).toMatchObject({ top: { limit: 5 } });
});

it('asks for one period of the calendar more than a duration holds', () => {
  const window = { calendar: 'day', timezone: 'Europe/Berlin' } as const;
  const asked = requestOf(panel('bars', { metric: 'm', window, compare: 'previous' }), now(last(7 * DAY)));
  expect(asked).toMatchObject({ window, range: '8d', compare: '7d' });
});

it('asks for as many windows as there is room for, where the own ones are more', () => {
  const asked = requestOf(panel('bars', { metric: 'm', window: '30s' }), now(last(DAY)))!;
  expect(asked).toMatchObject({ window: 'auto', points: 132 });
  expect(windowsOf(asked)).toEqual({ size: 900_000, count: 98 });
});

it('asks for shorter windows where a time that was chosen has only a few of the own ones', () => {
  const asked = (minutes: number) =>
    requestOf(panel('line', { metric: 'm', window: '1m' }), now(between(0, minutes * 60_000)))!;
  expect(asked(30).window).toBe('1m');
  expect(asked(5)).toMatchObject({ window: 'auto', points: 62 });
});

it('asks for what is fixed as it is fixed', () => {
  const range = between(1_790_000_000_000, 1_790_001_800_000);
  expect(requestOf(panel('line', { metric: 'm', window: '10s' }), now(range))?.range).toEqual({
    from: '2026-09-21T14:13:20.000Z',
    to: '2026-09-21T14:43:20.000Z',
  });
  const today = { kind: 'this', unit: 'day', timezone: 'Europe/Berlin' } as const;
  expect(requestOf(panel('line', { metric: 'm', window: '10s' }), now(today))).toMatchObject({
    window: 'auto',
    range: { this: 'day', timezone: 'Europe/Berlin' },
  });
});

it('keeps windows of a calendar, and takes longer periods where they would be too many', () => {
  const asked = (range: PageRange) =>
    requestOf(
      panel('bars', { metric: 'm', window: { calendar: 'hour', timezone: 'Europe/Berlin' } }),
      now(range),
    )?.window;
  expect(asked(last(DAY))).toEqual({ calendar: 'hour', timezone: 'Europe/Berlin' });
  expect(asked(last(30 * DAY))).toEqual({ calendar: 'day', timezone: 'Europe/Berlin' });
  expect(asked(last(365 * DAY))).toEqual({ calendar: 'week', timezone: 'Europe/Berlin' });
});

it('asks for a stat twice: for its small line, and for one value over the range and the one before', () => {
  const stat = panel('stat', { metric: 'm', window: '10s', where: { country: 'DE' } });
  expect(requestOf(stat, now(QUARTER))).toEqual({
    metric: 'm',
    where: { country: 'DE' },
    window: '10s',
    range: '920s',
    groupBy: [],
  });
  expect(figureRequestOf(stat, now(QUARTER))).toEqual({
    metric: 'm',
    where: { country: 'DE' },
    window: 'whole',
    range: '15m',
    groupBy: [],
    compare: 'previous',
  });
  expect(figureRequestOf(panel('line', { metric: 'm' }), now(QUARTER))).toBeNull();
});

it('keeps a range of its own, up to the moment that the page shows, but not against one that is chosen', () => {
  const own = panel('stat', { metric: 'm', window: '10s', range: '1h' });
  expect(rangeOf(own, now(QUARTER))).toEqual(last(HOUR));
  expect(rangeOf(own, { range: QUARTER, moment: 5 * HOUR, calendar })).toEqual(between(4 * HOUR, 5 * HOUR));
  expect(rangeOf(own, now(between(1_000, 9_000)))).toEqual(between(1_000, 9_000));
});

it('shows at a moment what was there then', () => {
  const moment = new Date('2026-11-29T14:00:00').getTime();
  const line = panel('line', { metric: 'm', window: '10s' });
  expect(rangeOf(line, { range: QUARTER, moment, calendar })).toEqual(between(moment - 900_000, moment));
  const today = { kind: 'this', unit: 'day', timezone: calendar.zone } as const;
  expect(rangeOf(line, { range: today, moment, calendar })).toEqual(
    between(new Date('2026-11-29T00:00:00').getTime(), moment),
  );
});

it('asks for nothing where no metric is shown', () => {
  expect(requestOf(panel('tail', null), now(QUARTER))).toBeNull();
});

it('never asks for more windows than a view may have', () => {
  for (const kind of PANEL_KINDS.filter((k) => k !== 'tail'))
    for (const range of RANGES)
      for (const window of ['1s', '10s', '1m', '7s', '1d']) {
        const asked = requestOf(panel(kind, { metric: 'm', window }), now(last(range)))!;
        expect(windowsOf(asked).count).toBeLessThanOrEqual(MAX_WINDOWS);
      }
});

it('asks a narrow panel for windows that are wide enough to be read', () => {
  const asked = (kind: Panel['kind'], width: number, window: string, range: number) =>
    windowsOf(requestOf(panel(kind, { metric: 'm', window }), now(last(range)), width)!).size;
  for (const width of [134, 240, 374, 540, 1_384])
    for (const range of RANGES)
      for (const window of ['1s', '10s', '7s', '1m']) {
        // Ten bars are few enough in any panel.
        const windows = range / asked('bars', width, window, range);
        if (windows > 10) expect(plotWidthOf(width) / windows).toBeGreaterThanOrEqual(6);
        const lines = range / asked('line', width, window, range);
        if (lines > 10) expect(plotWidthOf(width) / lines).toBeGreaterThanOrEqual(1);
      }
});
