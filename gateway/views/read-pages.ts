import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { PaneCount, Store } from '#platform/store/store.ts';
import { stateBytes } from '../core/hot/byte-estimates.ts';
import type { PanesRead, WindowsRead } from '../core/metric-views.ts';

/** The most rows of a page, and the bytes of states that a page should have. */
const PAGE = { most: 5_000, bytes: 500_000 };
/** Stored rows that one statement may merge. */
const ROWS_PER_STATEMENT = 500_000;
/** Bytes of a row beside the numbers of its state. */
const ROW_BYTES = 100;

/** How pages are fetched: `call` retries, and no further page is read once `isWanted` is false. */
export interface Reading {
  store: Pick<Store, 'readPanes' | 'readWindows'>;
  call<T>(read: () => Promise<T>): Promise<T>;
  isWanted(): boolean;
}

/** Reads the pane rows of a range, page by page. */
export function readPanePages(
  { metric, version, from, to }: PanesRead,
  { largest }: PaneCount,
  reading: Reading,
): AsyncGenerator<PaneRow[]> {
  const range = { metric, version, from, to };
  return readPages<PaneRow>(reading, pageFor(largest), (page) =>
    reading.store.readPanes({ ...range, ...page }),
  );
}

/** Reads merged windows of a view, page by page; as many windows in a statement as fill a page, since each further page merges them again. */
export async function* readWindowPages(
  { version, view, from, to }: WindowsRead,
  { rows, groups, largest }: PaneCount,
  reading: Reading,
): AsyncGenerator<WindowRow[]> {
  const { window, where, groupBy } = view.request;
  const count = Math.ceil((to - from) / window);
  const limit = pageFor(largest);
  const most = Math.min(limit / (groups + 1), (ROWS_PER_STATEMENT * count) / (rows + 1));
  const step = window * Math.max(1, Math.floor(most));
  for (let at = from; at < to; at = floorTo(at, window) + step) {
    const end = Math.min(to, floorTo(at, window) + step);
    const range = { metric: view.source.metric, version, from: at, to: end };
    const windows = { kind: 'grid', size: window, every: window, origin: 0 } as const;
    yield* readPages<WindowRow>(reading, limit, (page) =>
      reading.store.readWindows({ ...range, view: { windows, where, groupBy }, form: 'state', ...page }),
    );
  }
}

async function* readPages<T extends PaneRow | WindowRow>(
  { call, isWanted }: Reading,
  first: number,
  read: (page: { limit: number; after?: T }) => Promise<T[]>,
): AsyncGenerator<T[]> {
  let after: T | undefined;
  let limit = first;
  while (isWanted()) {
    const page = after === undefined ? { limit } : { limit, after };
    const rows = await call(() => read(page));
    yield rows;
    if (rows.length < limit) return;
    after = rows.at(-1);
    limit = Math.min(limit, pageOf(rows));
  }
}

/** Returns how many rows fill a page if each state is as large as the largest. */
const pageFor = (numbers: number): number =>
  Math.max(10, Math.min(PAGE.most, Math.floor(PAGE.bytes / (ROW_BYTES + 8 * numbers))));

/** Returns the same for states like those of the last page: merged states may be larger than stored ones. */
function pageOf(rows: readonly (PaneRow | WindowRow)[]): number {
  let bytes = 0;
  for (const { state } of rows) bytes += ROW_BYTES + stateBytes(state);
  return Math.max(10, Math.floor((rows.length * PAGE.bytes) / bytes));
}
