import type { Board } from '#contracts/board/board.ts';
import type { Panel } from '#contracts/board/panel.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';

const panel = (
  id: string,
  kind: Panel['kind'],
  [x, y, w, h]: [number, number, number, number],
  view: ViewRequest,
): Panel => ({
  id,
  kind,
  title: id.replaceAll('-', ' '),
  place: { x, y, w, h },
  view,
  outputs: [],
  ...(id === 'stacked' && { stack: true }),
});

const timezone = 'Europe/Berlin';

/** Windows of every kind. */
export const RANGES_BOARD: Board = {
  id: 'ranges',
  title: 'Ranges',
  panels: [
    panel('orders', 'stat', [0, 0, 3, 1], { metric: 'orders', window: '10s' }),
    panel('latency', 'stat', [3, 0, 3, 1], { metric: 'checkout_latency', window: '10s' }),
    panel('nothing-before', 'stat', [6, 0, 3, 1], { metric: 'begun', window: '10s' }),
    panel('zero', 'stat', [9, 0, 3, 1], { metric: 'zero', window: '10s' }),
    panel('orders-a-day', 'bars', [0, 1, 6, 2], {
      metric: 'orders',
      window: { calendar: 'day', timezone },
      range: '14d',
    }),
    panel('revenue-a-month', 'bars', [6, 1, 6, 2], {
      metric: 'revenue',
      window: { calendar: 'month', timezone },
      range: { this: 'year', timezone },
    }),
    panel('latency-a-month', 'line', [0, 3, 6, 2], {
      metric: 'checkout_latency',
      window: { calendar: 'month', timezone },
      range: { this: 'year', timezone },
    }),
    panel('users-of-5-min', 'line', [6, 3, 6, 2], {
      metric: 'active_users',
      window: { size: '5m', every: '1m' },
    }),
    panel('orders-since', 'bars', [0, 5, 6, 2], { metric: 'orders', window: '30s' }),
    panel('errors', 'line', [6, 5, 6, 2], { metric: 'errors', window: '10s' }),
    panel('orders-compared', 'bars', [0, 7, 4, 2], { metric: 'orders', window: '30s', compare: 'previous' }),
    panel('latency-a-day-ago', 'line', [4, 7, 4, 2], {
      metric: 'checkout_latency',
      window: '10s',
      compare: '1d',
    }),
    panel('stacked', 'area', [8, 7, 4, 2], {
      metric: 'revenue_stack_area',
      window: '10s',
      compare: 'previous',
    }),
    panel('top-pages', 'line', [0, 9, 4, 2], {
      metric: 'visits',
      window: '10s',
      top: { limit: 5 },
    }),
    panel('top-lines', 'line', [4, 9, 4, 2], { metric: 'visit_time', window: '10s', top: { limit: 6 } }),
    panel('top-list', 'top', [8, 9, 4, 2], {
      metric: 'visits',
      window: '10s',
      top: { limit: 10 },
    }),
    panel('order-value', 'line', [0, 11, 3, 2], {
      metric: 'order_value',
      window: '10s',
      compare: 'previous',
    }),
    panel('value-of-5-min', 'line', [3, 11, 3, 2], {
      metric: 'order_value',
      window: { size: '5m', every: '1m' },
      compare: 'previous',
    }),
    panel('today', 'bars', [6, 11, 6, 2], {
      metric: 'orders',
      window: { calendar: 'hour', timezone },
      range: { this: 'day', timezone },
      compare: 'previous',
    }),
  ],
};
