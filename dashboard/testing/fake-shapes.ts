import type { Board } from '#contracts/board.ts';
import type { Panel } from '#contracts/panel.ts';
import type { FakeMetric } from './fake-data.ts';

const shape = (at: FakeMetric['at'], more: Partial<FakeMetric> = {}): FakeMetric => ({
  unit: '',
  outputs: ['value'],
  empty: 'none',
  better: null,
  window: 10_000,
  groups: [[]],
  at,
  ...more,
});
const wave = (s: number, period: number): number => Math.sin(s / period);
const long = (i: number): string[] => [`warehouse-${i}.eu-central.example.internal/shelf/${i * 37}`];

/** Data at the edges of what a chart can be asked to draw. */
export const SHAPES: Record<string, FakeMetric> = {
  many: shape((g, s) => [10 + g * 3 + 2 * wave(s + g * 40, 60)], {
    groups: Array.from({ length: 14 }, (_, i) => long(i)),
  }),
  negative: shape((_, s) => [-40 + 55 * wave(s, 90)]),
  negative_bars: shape((_, s) => [Math.round(30 * wave(s, 60))], { empty: 'zero' }),
  huge: shape((_, s) => [4.2e15 * (1.2 + wave(s, 100))]),
  tiny: shape((_, s) => [4e-9 * (1.5 + wave(s, 100))]),
  constant: shape(() => [42]),
  zero: shape(() => [0], { empty: 'zero' }),
  one_point: shape((_, s) => [Math.floor(Date.now() / 10_000) - 20 === Math.floor(s / 10) ? 12 : Number.NaN]),
};

const panel = (metric: string, i: number): Panel => ({
  id: metric.replace('_', '-'),
  kind: metric.endsWith('bars') ? 'bars' : 'line',
  title: metric.replace('_', ' '),
  place: { x: (i % 3) * 4, y: Math.floor(i / 3) * 2, w: 4, h: 2 },
  view: { metric, window: '10s' },
  outputs: [],
});

export const SHAPES_BOARD: Board = { id: 'shapes', title: 'Shapes', panels: Object.keys(SHAPES).map(panel) };
