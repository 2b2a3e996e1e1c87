import type { Board } from '#contracts/board/board.ts';
import type { Panel } from '#contracts/board/panel.ts';
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
const channel = ['android', 'ios', 'partner', 'web'].map((name) => [name]);
/** A count by group. */
const counted = (groups: string[][], at: (group: number, second: number) => number): FakeMetric =>
  shape((g, s) => [at(g, s)], { groups, empty: 'zero' });
const numbered = (n: number): string[][] => Array.from({ length: n }, (_, i) => [`page-${i}`]);
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
  revenue_stack_area: counted(
    channel,
    (g, s) => [2_600, 4_400, 1_100, 7_500][g]! * (1 + 0.06 * wave(s + 90 * g, 130) + 0.02 * wave(s, 23 + g)),
  ),
  revenue_stack_bars: counted(channel, (g, s) => [26, 44, 11, 75][g]! * (1 + 0.2 * wave(s + 90 * g, 130))),
  plain_area: counted(channel.slice(0, 2), (g, s) => (g + 1) * 40 * (1 + 0.2 * wave(s + 90 * g, 80))),
  plain_bars: counted(channel.slice(0, 2), (g, s) => (g + 1) * 40 * (1 + 0.2 * wave(s + 90 * g, 80))),
  signed_stack_area: counted([['sales'], ['refunds'], ['fees']], (g, s) =>
    g === 0 ? 90 + 20 * wave(s, 70) : -Math.max(0, (g === 1 ? 30 : 10) * (0.4 + wave(s, 50 + g))),
  ),
  crowd_stack_area: counted(numbered(2_000), (g, s) => (9_000 / (g + 3)) * (1 + 0.1 * wave(s + g, 60))),
  crowd_line: shape((g, s) => [1 + 400 / (g + 1) + 5 * wave(s + g * 9, 60)], { groups: numbered(40) }),
  hole_area: shape((_, s) => [
    Math.floor(Date.now() / 1_000) - s > 300 && Math.floor(Date.now() / 1_000) - s < 430
      ? Number.NaN
      : 60 + 20 * wave(s, 60),
  ]),
  latency_stack_area: shape((g, s) => [100 + 50 * g + 20 * wave(s + g * 40, 90)], { groups: channel }),
};

function kindOf(metric: string): Pick<Panel, 'kind' | 'stack'> {
  const kind = (['area', 'bars'] as const).find((one) => metric.endsWith(one));
  return kind === undefined ? { kind: 'line' } : { kind, stack: metric.includes('stack') };
}

const panel = (metric: string, i: number): Panel => ({
  id: metric.replaceAll('_', '-'),
  ...kindOf(metric),
  title: metric.replaceAll('_', ' '),
  place: { x: (i % 3) * 4, y: Math.floor(i / 3) * 2, w: 4, h: 2 },
  view: { metric, window: '10s' },
  outputs: [],
});

export const SHAPES_BOARD: Board = { id: 'shapes', title: 'Shapes', panels: Object.keys(SHAPES).map(panel) };
