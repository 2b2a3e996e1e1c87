import { MOMENT } from './freeze.ts';
import { type Chapter, panelOf, type Scene } from './scene.ts';

const area = (id: string, caption: string, more: Partial<Scene> = {}): Scene => ({
  id: `area-${id}`,
  caption,
  mode: 'live',
  panel: panelOf(`area-${id}`, 'area', 'revenue_stack_area', { title: 'Revenue by channel', stack: true }),
  ...more,
});
const areaOf = (id: string, caption: string, metric: string, stack = false): Scene =>
  area(id, caption, { panel: panelOf(`area-${id}`, 'area', metric, { title: id, stack }) });
const bars = (id: string, caption: string, more: Partial<Scene> = {}): Scene => ({
  id: `bars-${id}`,
  caption,
  mode: 'live',
  panel: panelOf(`bars-${id}`, 'bars', 'revenue_stack_bars', {
    title: 'Revenue by channel',
    window: '30s',
    stack: true,
  }),
  ...more,
});

export const AREAS: Chapter = {
  title: 'Areas',
  scenes: [
    area('stacked', 'Groups stand on each other'),
    areaOf('plain', 'Not stacked', 'plain_area'),
    area('stale', 'asOf stands still: hatched', { mode: 'stale' }),
    area('paused', 'The now line is ink', { act: (s) => s.pause() }),
    area('reconnecting', 'The picture stays', { mode: 'reconnecting' }),
    area('refused', 'The last good picture stays, faint', { mode: 'refused-later' }),
    area('reading', 'Labels become the readout', {
      act: (s) => s.crossHair.set(MOMENT - 207_300, 'area-reading'),
    }),
    areaOf('hole', 'A hole is drawn as a hole', 'hole_area'),
    areaOf('signed', 'Negative values stand below zero', 'signed_stack_area', true),
    areaOf('no-stack', 'Quantiles do not add: not stacked, and says so', 'latency_stack_area', true),
    areaOf('crowd', '28 groups: the largest, and the others as one', 'orders_by_shop', true),
  ],
};

export const STACKED_BARS: Chapter = {
  title: 'Stacked bars',
  scenes: [
    bars('stacked', 'Groups stand on each other'),
    bars('side-by-side', 'Not stacked', {
      panel: panelOf('bars-side-by-side', 'bars', 'plain_bars', { title: 'Plain', window: '30s' }),
    }),
    bars('stacked-stale', 'Hatched', { mode: 'stale' }),
    bars('stacked-reading', 'One bar is read', {
      act: (s) => s.crossHair.set(MOMENT - 212_300, 'bars-stacked-reading'),
    }),
  ],
};
