type Panel = Record<string, unknown>;

const stat = (column: number, id: string, title: string, metric: string, outputs: string[] = []): Panel => ({
  id,
  kind: 'stat',
  title,
  place: { x: 2 * column, y: 0, w: 2, h: 1 },
  view: { metric, groupBy: [], window: '10s' },
  outputs,
});

/** The shop's board: the body of PUT /v1/boards/storefront. Refunds stay empty: that panel shows how one begins. */
export const DEMO_BOARD = {
  title: 'Storefront',
  panels: [
    stat(0, 'orders', 'Orders', 'orders'),
    stat(1, 'revenue', 'Revenue', 'revenue'),
    stat(2, 'active-users', 'Active users', 'active_users'),
    stat(3, 'checkout-p99', 'Checkout p99', 'checkout_latency', ['p99']),
    stat(4, 'order-value', 'Average order', 'order_value'),
    stat(5, 'errors', 'Errors', 'errors'),
    {
      id: 'orders-bars',
      kind: 'bars',
      title: 'Orders',
      place: { x: 0, y: 1, w: 6, h: 2 },
      view: { metric: 'orders', groupBy: [], window: '30s' },
    },
    {
      id: 'latency',
      kind: 'line',
      title: 'Checkout latency',
      place: { x: 6, y: 1, w: 6, h: 2 },
      view: { metric: 'checkout_latency', window: '10s' },
    },
    {
      id: 'errors-by-service',
      kind: 'line',
      title: 'Errors by service',
      place: { x: 0, y: 3, w: 6, h: 2 },
      view: { metric: 'errors', groupBy: ['service'], window: '10s' },
    },
    { id: 'tail', kind: 'tail', title: 'Events', place: { x: 6, y: 3, w: 6, h: 4 } },
    {
      id: 'refunds',
      kind: 'bars',
      title: 'Refunds',
      place: { x: 0, y: 5, w: 6, h: 2 },
      view: { metric: 'refunds', window: '1m' },
    },
  ],
};
