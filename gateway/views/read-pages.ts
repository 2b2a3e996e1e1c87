import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import { startsOf } from '#contracts/view/timeline.ts';
import { alignOf } from '#contracts/view/window-align.ts';
import { endOf, storeWindows } from '#contracts/view/windows.ts';
import type { PaneCount, Store, WindowRange } from '#platform/store/store.ts';
import { stateBytes } from '../core/hot/byte-estimates.ts';
import type { PanesRead, WindowsRead } from '../core/metric-views.ts';
import { othersGroup } from '../core/view/top-groups.ts';

/** The most rows of a page, more of small ones since a statement takes 30 ms whatever it gives; and the bytes of states that a page should have. */
const PAGE = { most: 5_000, small: 20_000, bytes: 500_000 };
/** Numbers of a state that is small. */
const FEW = 8;
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

/** What a read asks of the Store for its windows from `first` to `last`: all groups where they are to be ranked, else those that are shown. */
export function scopeOf(
  { view: { request, source, top }, target, windows }: WindowsRead,
  first: number,
  last: number,
): Pick<WindowRange, 'metric' | 'view' | 'starts'> {
  const { where, groupBy } = request;
  const others = source.aggregate.adds === 'nothing' ? null : othersGroup(request);
  const groups = target === 'ranking' ? null : (top?.members ?? null);
  const shown = groups === null ? {} : { shown: { groups, others } };
  return {
    metric: source.metric,
    view: { where, groupBy, windows: storeWindows(windows, first, last + 1), ...shown },
    starts: { from: first, to: last + 1 },
  };
}

/** Returns what is to be counted before a read of windows: panes as coarse as its windows allow. */
export const alignedOf = ({ metric, version, from, to, windows, first, last }: WindowsRead) => ({
  ...{ metric, version, from, to },
  align: alignOf(storeWindows(windows, first, last + 1)),
});

/** A page of merged windows; `form`: what is left of their states. */
export interface WindowPage {
  rows: WindowRow[];
  form: 'state' | 'reduced';
}

/**
 * Reads merged windows of a view, page by page; as many windows in a statement as fill a page, since each further page merges them
 * again. Of windows that end below the view's cut only what their values need is read, where that is less than the state.
 */
export async function* readWindowPages(
  request: WindowsRead,
  { rows, groups, largest }: PaneCount,
  reading: Reading,
): AsyncGenerator<WindowPage> {
  const { version, windows, from, to, target, view } = request;
  const starts = [...startsOf({ windows, first: request.first, last: request.last, limit: request.last })];
  const needsStates = (start: number) =>
    target === 'earlier' ? windows.kind === 'list' : endOf(windows, start) > to;
  const isReducible = view.source.aggregate.reduced !== undefined;
  const open = target === 'ranking' ? [] : isReducible ? starts.filter(needsStates) : starts;
  const closed = starts.slice(0, starts.length - open.length);
  for (const [form, list] of [
    ['reduced', closed],
    ['state', open],
  ] as const) {
    const limit = form === 'reduced' || largest <= FEW ? PAGE.small : pageFor(largest);
    // Evenly spread, so many windows have as many rows as a statement may merge.
    const most = Math.max(1, Math.floor((ROWS_PER_STATEMENT * starts.length) / (rows + 1)));
    let step = Math.min(most, Math.max(1, Math.floor(limit / (groupsShown(request, groups) + 1))));
    for (let i = 0; i < list.length && reading.isWanted(); ) {
      const some = list.slice(i, i + step);
      i += some.length;
      const [first, last] = [some[0]!, some.at(-1)!];
      const range = {
        ...scopeOf(request, first, last),
        version,
        from: Math.max(from, first),
        to: Math.min(to, endOf(windows, last)),
        form,
      };
      const pages = readPages<WindowRow>(reading, limit, (page) =>
        reading.store.readWindows({ ...range, ...page }),
      );
      let found = 0;
      for await (const page of pages) {
        found += page.length;
        yield { rows: page, form };
      }
      // Much of a long range may be empty.
      if (2 * found <= limit) step = Math.min(most, 2 * step);
      else if (found > limit) step = Math.max(1, Math.floor(step / 2));
    }
  }
}

/** Returns how many of the groups of a metric the rows of a view can have. */
function groupsShown({ view, target }: WindowsRead, groups: number): number {
  const { groupBy, where } = view.request;
  const lists = new Map(where.flatMap((one) => (one.op === 'in' ? [[one.path, one.values.length]] : [])));
  const filtered = groupBy.reduce((count, name) => count * (lists.get(name) ?? groups), 1);
  const ranked = target === 'ranking' ? groups : (view.top?.members?.length ?? groups);
  return Math.min(groups, filtered, ranked + 1);
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
