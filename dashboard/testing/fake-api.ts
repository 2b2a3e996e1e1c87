import type { Board } from '#contracts/board/board.ts';
import type { Panel } from '#contracts/board/panel.ts';
import type { Api, BoardEntry, DemoState, KeyEntry } from '../src/app/api.ts';
import { ApiError } from '../src/app/ask.ts';
import { createFakeAsk } from './fake-ask.ts';
import { LISTS_BOARD } from './fake-lists.ts';
import { FAKE_METRIC } from './fake-metric.ts';
import { fakeProcesses } from './fake-processes.ts';
import { RANGES_BOARD } from './fake-ranges-board.ts';
import { SHAPES_BOARD } from './fake-shapes.ts';

const stat = (column: number, id: string, title: string, metric: string, outputs: string[] = []): Panel => ({
  id,
  kind: 'stat',
  title,
  place: { x: 2 * column, y: 0, w: 2, h: 1 },
  view: { metric, groupBy: [], window: '10s' },
  outputs,
});

const chart = (
  id: string,
  kind: 'line' | 'bars',
  title: string,
  x: number,
  y: number,
  metric: string,
  window: string,
): Panel => ({
  id,
  kind,
  title,
  place: { x, y, w: 6, h: 2 },
  view: { metric, window },
  outputs: [],
});

/** The same layout as the demo's board. */
const BOARD: Board = {
  id: 'storefront',
  title: 'Storefront',
  panels: [
    stat(0, 'orders', 'Orders', 'orders'),
    stat(1, 'revenue', 'Revenue', 'revenue'),
    stat(2, 'active-users', 'Active users', 'active_users'),
    stat(3, 'checkout-p99', 'Checkout p99', 'checkout_latency', ['p99']),
    stat(4, 'order-value', 'Average order', 'order_value'),
    stat(5, 'errors', 'Errors', 'errors_all'),
    chart('orders-bars', 'bars', 'Orders', 0, 1, 'orders', '30s'),
    chart('latency', 'line', 'Checkout latency', 6, 1, 'checkout_latency', '10s'),
    chart('errors-by-service', 'line', 'Errors by service', 0, 3, 'errors', '10s'),
    { id: 'tail', kind: 'tail', title: 'Events', place: { x: 6, y: 3, w: 6, h: 4 }, view: null, outputs: [] },
    chart('refunds', 'bars', 'Refunds', 0, 5, 'refunds', '1m'),
  ],
};

/** One panel, which is empty. */
const REFUNDS_BOARD: Board = {
  id: 'refunds',
  title: 'Refunds',
  panels: [chart('refunds', 'bars', 'Refunds', 0, 0, 'refunds', '10s')],
};

const entryOf = ({ id, title, panels }: Board): BoardEntry => ({
  ...{ id, title },
  panels: panels.flatMap((panel) =>
    panel.view === null ? [] : [{ id: panel.id, title: panel.title, metric: panel.view.metric }],
  ),
});

export function createFakeApi(mode: string): Api {
  const keys: KeyEntry[] = [
    {
      ...{ id: 'abcdefabcdef', name: 'wall screen', scope: ['read'], metrics: ['orders', 'revenue'] },
      ...{ created: Date.UTC(2026, 10, 2), expires: Date.UTC(2026, 10, 20) },
      lastUsed: Date.UTC(2026, 10, 3, 18, 40),
    },
    {
      ...{ id: 'fedcbafedcba', name: 'ingest of shop 7', scope: ['write', 'import'], metrics: null },
      ...{ created: Date.UTC(2026, 10, 12), expires: null },
      lastUsed: null,
    },
  ];
  let running = mode === 'demo';
  /** How often the state of the demo was asked for since it was started: its history takes a while. */
  let looks = 0;
  const demo = (): DemoState => {
    const arriving = running && looks++ < 3;
    return { running, arriving, sent: 1_000 * looks, board: BOARD.id, message: '', removable: running };
  };
  return {
    ask: createFakeAsk(mode),
    boards: async () => (mode === 'empty' && !running ? [] : [entryOf(BOARD)]),
    board: async (id) =>
      [BOARD, SHAPES_BOARD, LISTS_BOARD, REFUNDS_BOARD, RANGES_BOARD].find((board) => board.id === id) ??
      null,
    metricIds: async () => (mode === 'empty' && !running ? [] : ['orders', 'revenue']),
    metricWindow: async () => null,
    metric: async (id) => (id === 'refunds' ? FAKE_METRIC : null),
    demo: async () => demo(),
    startDemo: async () => {
      running = true;
    },
    removeDemo: async () => {
      running = false;
    },
    tryKey: async () => null,
    processes: async () => {
      if (mode === 'forbidden') throw new ApiError('The key does not allow reading.', 'forbidden_scope');
      return fakeProcesses(mode, Date.now());
    },
    keys: async () => {
      if (mode === 'forbidden') throw new ApiError('The key does not allow this.', 'forbidden_scope');
      return [...keys];
    },
    makeKey: async (name, scope) => {
      const id = `${keys.length}`.padStart(12, 'f');
      keys.push({ id, name, scope: [scope], metrics: null, created: Date.now(), expires: null });
      return `mr_${id}_${'0123456789abcdef'.repeat(3)}`;
    },
    revokeKey: async (id) => {
      keys.splice(
        keys.findIndex((key) => key.id === id),
        1,
      );
    },
  };
}
