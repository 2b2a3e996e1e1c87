import type { PreviewAnswer } from '#contracts/view/preview-result.ts';
import { ApiError, type Asked } from '../src/app/ask.ts';

type Body = Record<string, unknown>;

const METRICS: readonly Body[] = [
  {
    id: 'errors',
    title: 'Errors',
    event: 'service_error',
    aggregate: 'count',
    groupBy: ['service'],
    window: '10s',
  },
  {
    id: 'orders',
    title: 'Orders',
    event: 'checkout',
    aggregate: 'count',
    groupBy: ['country'],
    window: '10s',
  },
  {
    id: 'orders_de',
    title: 'Orders DE',
    event: 'checkout',
    where: { country: 'DE' },
    aggregate: 'count',
    window: '10s',
  },
  {
    ...{ id: 'checkout_latency', title: 'Checkout latency', unit: 'ms', event: 'checkout' },
    ...{ aggregate: 'quantiles(duration_ms, 0.5, 0.95, 0.99)', window: '10s', lateness: '1m' },
  },
  {
    ...{ id: 'pages', title: 'Views of pages', unit: 'views', event: 'page_viewed' },
    ...{ aggregate: 'increase(views)', groupBy: ['page'], window: '10s', lateness: '1m' },
  },
  { id: 'error_rate', title: 'Error rate', unit: '%', expression: 'errors / orders * 100' },
];
const BOARDS: readonly Body[] = [
  {
    id: 'storefront',
    title: 'Storefront',
    panels: [
      {
        ...{ id: 'orders', kind: 'bars', title: 'Orders', place: { x: 0, y: 0, w: 6, h: 2 } },
        view: { metric: 'orders', groupBy: ['country'] },
      },
    ],
  },
];

/** Definitions that can be read, changed and deleted, and previews of any. */
export function createFakeCatalogue(mode: string): (path: string, asked: Asked) => unknown {
  const byId = (list: readonly Body[]) => new Map(list.map((one) => [String(one.id), one]));
  const kept = { metrics: byId(mode === 'empty' ? [] : METRICS), boards: byId(BOARDS) };
  return (path, { method = 'GET', body, isNew }) => {
    if (path === '/v1/preview') return previewOf((body as { definition: Body }).definition);
    const [, kind, id, more] = /^\/v1\/(metrics|boards)(?:\/([^/]+))?(\/groups)?$/.exec(path) ?? [];
    if (kind !== 'metrics' && kind !== 'boards') return null;
    const all = kept[kind];
    if (id === undefined) return { [kind]: [...all.values()] };
    if (more !== undefined) return groupsOf(id);
    if (isNew === true && all.has(id))
      throw new ApiError('If-None-Match does not hold.', 'precondition_failed');
    if (method === 'PUT') all.set(id, { id, title: id, ...(body as Body) });
    if (method === 'DELETE') {
      if (id === 'errors') throw new ApiError('Others are computed from it: error_rate.', 'metric_in_use');
      all.delete(id);
      return {};
    }
    return all.get(id) ?? null;
  };
}

const groupsOf = (metric: string) => ({
  ...{ metric, version: 1, from: 0, to: 1, cap: 2_000, events: 900, error: 0.003 },
  levels: [{ dimensions: ['country'], places: 44, distinct: 44, values: 44, other: 0, leftOut: [] }],
});

const WINDOW = 10_000;

/** What the server says of a definition: the same line for any, and 2 % of events without what is summed. */
function previewOf(metric: Body): PreviewAnswer {
  if (metric.event === 'refused') throw new ApiError('aggregate: expected a property.', 'invalid_definition');
  const asOf = Date.now();
  const first = Math.floor(asOf / WINDOW) * WINDOW - 90 * WINDOW;
  const panes = Array.from({ length: 91 }, (_, i) => first + i * WINDOW);
  const reads = String(metric.aggregate).includes('(');
  const skipped = [{ field: 'amount', expected: 'number', found: 'text', events: 18 }];
  return {
    ...{ complete: true, progress: 1, metric, evaluated: { from: first, to: asOf } },
    series: {
      ...{ metric: 'preview', window: WINDOW, watermark: asOf - 500, asOf, begins: first - WINDOW },
      ...{ filled: { done: 4, of: 4 }, full: true, start: first, end: first + 91 * WINDOW, panes },
      ...{ open: panes.slice(-1), partial: [], overflow: [] },
      series: [{ group: {}, output: 'value', values: panes.map((_, i) => 40 + ((i * 7) % 13)) }],
    },
    events: { matched: 900, counted: reads ? 882 : 900, imported: 0, late: 0, skipped: reads ? skipped : [] },
    cost: { groups: 1, rows: 900, rowsPerDay: 86_400, bytesPerDay: 2_592_000, estimatedFrom: '900 rows' },
    similar: metric.event === 'checkout' ? [{ metric: 'orders', title: 'Orders', same: false }] : [],
  };
}
