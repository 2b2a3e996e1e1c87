import { expect, it } from 'vitest';
import { PANEL_KINDS, type Panel } from '#contracts/board/panel.ts';
import { MAX_WINDOWS } from '#contracts/view/view-request.ts';
import { RANGES, readDuration } from '../../app/ranges.ts';
import { plotWidthOf } from '../../charts/axis/gutter.ts';
import { requestOf } from './request.ts';

const panel = (kind: Panel['kind'], view: Panel['view']): Panel => ({
  id: 'p',
  kind,
  title: '',
  place: { x: 0, y: 0, w: 1, h: 1 },
  view,
  outputs: [],
});

it('asks for the range of the page and two windows more, so that a line enters from the left', () => {
  expect(requestOf(panel('line', { metric: 'm', window: '10s' }), 900_000)).toEqual({
    metric: 'm',
    window: '10s',
    range: '920s',
  });
});

it('asks for longer windows where the range has no room for the own ones', () => {
  expect(requestOf(panel('bars', { metric: 'm', window: '30s' }), 86_400_000)?.window).toBe('15m');
});

it('asks for one figure for a stat, and keeps a range of its own', () => {
  const request = requestOf(panel('stat', { metric: 'm', range: '1h' }), 900_000);
  expect(request).toEqual({ metric: 'm', range: '1h', groupBy: [] });
});

it('asks for nothing where no metric is shown', () => {
  expect(requestOf(panel('tail', null), 900_000)).toBeNull();
});

it('asks for a stat over the range before too, and whether something was before that', () => {
  const request = requestOf(panel('stat', { metric: 'm', window: '10s' }), 900_000);
  expect(request).toMatchObject({ window: '10s', range: '2720s' });
});

it('never asks for more windows than a view may have', () => {
  for (const kind of PANEL_KINDS.filter((k) => k !== 'tail'))
    for (const range of RANGES)
      for (const window of ['1s', '10s', '1m', '7s', '1d']) {
        const asked = requestOf(panel(kind, { metric: 'm', window }), range)!;
        expect(readDuration(asked.range)! / readDuration(asked.window)!).toBeLessThanOrEqual(MAX_WINDOWS);
      }
});

it('asks a narrow panel for windows that are wide enough to be read', () => {
  const asked = (kind: Panel['kind'], width: number, window: string, range: number) => {
    const request = requestOf(panel(kind, { metric: 'm', window }), range, width)!;
    return readDuration(request.window)!;
  };
  for (const width of [134, 240, 374, 540, 1_384])
    for (const range of RANGES)
      for (const window of ['1s', '10s', '7s', '1m']) {
        const bars = asked('bars', width, window, range);
        expect(bars % readDuration(window)!).toBe(0);
        // Ten bars are few enough in any panel.
        const windows = range / bars;
        if (windows > 10) expect(plotWidthOf(width) / windows).toBeGreaterThanOrEqual(6);
        const lines = range / asked('line', width, window, range);
        if (lines > 10) expect(plotWidthOf(width) / lines).toBeGreaterThanOrEqual(1);
      }
  expect([asked('bars', 240, '10s', 900_000), asked('bars', 700, '10s', 900_000)]).toEqual([60_000, 20_000]);
});
