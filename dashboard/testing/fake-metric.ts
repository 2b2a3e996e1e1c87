import type { Metric } from '#contracts/metric/metric.ts';

export const FAKE_METRIC: Metric = {
  id: 'refunds',
  ...{ title: 'Refunds', unit: '', better: 'lower', where: [], groupBy: [] },
  events: ['refund_issued'],
  aggregate: { name: 'sum', field: 'amount', args: [] },
  ...{ window: 10_000, pane: 1_000, lateness: 60_000 },
  retention: { pane: 86_400_000, minute: 86_400_000, hour: 86_400_000 },
};
