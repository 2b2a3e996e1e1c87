type Panel = Record<string, unknown>;

const stat = (column: number, id: string, title: string, metric: string, outputs: string[] = []): Panel => ({
  id,
  kind: 'stat',
  title,
  place: { x: 2 * column, y: 0, w: 2, h: 1 },
  view: { metric, groupBy: [], window: '10s' },
  outputs,
});

/** Columns from, columns, row from, rows. */
type Place = readonly [x: number, w: number, y: number, h: number];

const panel = (id: string, kind: string, title: string, [x, w, y, h]: Place, more: Panel): Panel => ({
  id,
  kind,
  title,
  place: { x, y, w, h },
  ...more,
});

/**
 * The shop's board: the body of PUT /v1/boards/storefront. Three panels are there for what they lack: the sync lag has
 * a hole, card authorisation has ended for now, and refunds stay empty to show how a metric begins.
 */
export const DEMO_BOARD = {
  title: 'Storefront',
  panels: [
    stat(0, 'orders', 'Orders', 'orders'),
    stat(1, 'revenue', 'Revenue', 'revenue'),
    stat(2, 'active-users', 'Active users', 'active_users'),
    stat(3, 'checkout-p99', 'Checkout p99', 'answer_times', ['p99']),
    stat(4, 'order-value', 'Average order', 'order_value'),
    stat(5, 'errors', 'Errors', 'errors'),
    panel('orders-bars', 'bars', 'Orders', [0, 6, 1, 2], {
      view: { metric: 'orders', groupBy: [], window: '30s' },
    }),
    panel('latency', 'line', 'Checkout latency', [6, 6, 1, 2], {
      view: { metric: 'answer_times', window: '10s' },
    }),
    panel('revenue-by-channel', 'area', 'Revenue by channel', [0, 3, 3, 2], {
      view: { metric: 'revenue', window: '30s' },
      stack: true,
    }),
    panel('errors-by-service', 'line', 'Errors by service', [3, 3, 3, 2], {
      view: { metric: 'errors', window: '30s' },
    }),
    panel('sync-lag', 'line', 'Warehouse sync lag', [6, 3, 3, 2], {
      view: { metric: 'sync_lag', window: '10s' },
    }),
    panel('services', 'table', 'Services', [9, 3, 3, 2], {
      view: { metric: 'service_latency', window: '1m' },
    }),
    panel('tail', 'tail', 'Events', [0, 4, 5, 4], {}),
    panel('top-pages', 'top', 'Top pages', [4, 4, 5, 2], {
      view: { metric: 'page_views', groupBy: ['page'], window: '10s' },
      limit: 7,
    }),
    panel('top-countries', 'top', 'Top countries', [8, 4, 5, 2], {
      view: { metric: 'page_views', groupBy: ['country'], window: '10s' },
      limit: 7,
    }),
    panel('cards-granted', 'line', 'Card authorisation', [4, 4, 7, 2], {
      view: { metric: 'cards_granted', window: '10s' },
    }),
    panel('refunds', 'bars', 'Refunds', [8, 4, 7, 2], { view: { metric: 'refunds', window: '1m' } }),
  ],
};
