import type { Board } from '#contracts/board/board.ts';
import type { Panel } from '#contracts/board/panel.ts';
import { MISSING, OTHER } from '#contracts/metric/dimension.ts';
import type { FakeMetric } from './fake-data.ts';

const wave = (s: number, period: number): number => Math.sin(s / period);
const one = (name: string): string[] => [name];
const PAGES = [
  '/',
  '/sale/winter-boots',
  '/p/trail-runner-2',
  '/checkout',
  '/search?q=jacket',
  '/p/merino-base',
];
const VIEWS = [92, 58, 43, 29, 21, 16, 12, 7, 5, 3, 2, 1];
const COUNTRIES = ['DE', 'NL', 'FR', 'AT', 'SE', 'PL', 'BE', 'DK', 'CH', 'IT', 'ES', 'PT', 'CZ', 'FI'];
const SERVICES = ['checkout-api', 'payments', 'search', 'catalog', 'media-cdn'];

const counted = (groups: string[][], more: Partial<FakeMetric>): FakeMetric => ({
  unit: '',
  outputs: ['count'],
  empty: 'zero',
  better: null,
  window: 10_000,
  groups,
  at: (g, s) => [(VIEWS[g] ?? 1) * (1 + 0.2 * wave(s + 70 * g, 110) + 0.1 * wave(s, 13 + g))],
  ...more,
});
/** Nothing but one value, at the left end of a quarter of an hour: the range is not empty, its newest windows are. */
const once = (s: number): number =>
  Math.floor(Date.now() / 10_000) - Math.floor(s / 10) === 120 ? 5 : Number.NaN;
const still = (empty: FakeMetric['empty']): FakeMetric => ({
  ...counted([[]], { empty }),
  at: (_, s) => [once(s)],
});

/** Metrics by group, and those whose newest windows are empty. */
export const LISTS: Record<string, FakeMetric> = {
  pages: counted([...PAGES, MISSING, '/account/orders', '/stores', '/imprint'].map(one), {
    unit: 'views',
    groupBy: ['page'],
  }),
  $events: counted(
    ['page_viewed', 'order_completed', 'basket_changed', 'checkout_answered', 'service_error'].map(one),
    { groupBy: ['$event'] },
  ),
  pages_capped: counted([...PAGES, OTHER].map(one), { unit: 'views', groupBy: ['page'] }),
  countries: counted(COUNTRIES.map(one), {
    unit: 'users',
    outputs: ['value'],
    adds: 'nothing',
    groupBy: ['country'],
  }),
  service_latency: counted(SERVICES.map(one), {
    unit: 'ms',
    outputs: ['p50', 'p95', 'p99'],
    empty: 'none',
    better: 'lower',
    groupBy: ['service'],
    at: (g, s) =>
      [40, 120, 210].map((base) =>
        g === 4 && once(s) !== 5 ? Number.NaN : base * (1 + 0.3 * g) * (1 + 0.1 * wave(s + 50 * g, 60)),
      ),
  }),
  orders_by_shop: counted(
    COUNTRIES.flatMap((c) => ['web', 'app'].map((shop) => [c, shop])),
    { unit: '€', outputs: ['sum'], groupBy: ['country', 'channel'] },
  ),
  still_zero: still('zero'),
  still_none: still('none'),
};

const list = (
  id: string,
  kind: 'top' | 'table',
  title: string,
  [x, y, w, h]: [number, number, number, number],
  metric: string,
  more: Partial<Panel> = {},
): Panel => ({
  id,
  kind,
  title,
  place: { x, y, w, h },
  view: { metric, window: '10s' },
  outputs: [],
  ...more,
});

const stat = (x: number, id: string, metric: string): Panel => ({
  id,
  kind: 'stat',
  title: metric.replaceAll('_', ' '),
  place: { x, y: 4, w: 3, h: 1 },
  view: { metric, window: '10s' },
  outputs: [],
});

export const LISTS_BOARD: Board = {
  id: 'lists',
  title: 'Lists',
  panels: [
    list('top-pages', 'top', 'Top pages', [0, 0, 4, 2], 'pages', { limit: 7 }),
    list('top-countries', 'top', 'Top countries', [4, 0, 4, 2], 'countries', { limit: 100 }),
    list('capped', 'top', 'Top pages, capped', [8, 0, 4, 2], 'pages_capped'),
    list('latency', 'table', 'Latency by service', [0, 2, 6, 2], 'service_latency'),
    list('revenue', 'table', 'Revenue by shop', [6, 2, 6, 2], 'orders_by_shop', { limit: 12 }),
    stat(0, 'still-zero', 'still_zero'),
    stat(3, 'still-none', 'still_none'),
    stat(6, 'order-value', 'order_value'),
    {
      ...list('unmatched', 'top', 'Pages of nowhere', [9, 4, 3, 1], 'pages'),
      view: { metric: 'pages', window: '10s', where: { page: '/nowhere' } },
    },
  ],
};
