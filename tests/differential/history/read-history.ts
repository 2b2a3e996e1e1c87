import { aggregateOf } from '#aggregates/registry.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { Timeline } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { parseViewRequest } from '#contracts/view/view-request.ts';
import { HotSeries } from '#gateway/core/hot/hot-series.ts';
import type { WindowsRead } from '#gateway/core/metric-views.ts';
import { LiveView } from '#gateway/core/view/live-view.ts';
import { valueOfRow } from '#gateway/core/view/row-value.ts';
import { sourceOf } from '#gateway/core/view/view-source.ts';
import { FILL_PACE } from '#gateway/core/view/window-values.ts';
import type { Store } from '#platform/store/store.ts';
import { createZoneTable } from '#platform/time/zone-table.ts';
import { type Asked, requestOf } from './asked-views.ts';
import type { Engine } from './engine.ts';
import type { Period } from './local-periods.ts';
import { VERSION } from './stored-world.ts';

const zoneOf = createZoneTable();

/** So many rows make some four statements of the windows of a view, and such states pages of ten rows. */
const LARGE = { rows: 2_000_000, largest: 50_000 };

/** A cell as the read path gives it: a window of the Store, and the values that the gateway makes of it. */
export interface ReadCell {
  window: number;
  group: string[] | null;
  other: boolean;
  filled: boolean;
  form: 'state' | 'reduced';
  values: (number | null)[];
}

export interface ReadHistory {
  view: View;
  windows: Period[];
  cells: ReadCell[];
  /** The groups that are shown by themselves; null where all are. */
  members: readonly (readonly string[])[] | null;
  /** Values that they were chosen by. */
  ranking: ReadCell[];
  /** Panes below it are in the cells. */
  to: number;
  /** Rows that were merged. */
  rows: number;
}

interface Reader {
  engine: Engine;
  store: Store;
  /** The read is made to look so large that it is cut into pages. */
  inPages: boolean;
}

/** Reads a view as a gateway does that has nothing of it in memory: which windows, which groups, all pages, the final values. */
export async function readHistory(reader: Reader, metric: Metric, asked: Asked): Promise<ReadHistory> {
  const { engine } = reader;
  const request = resolve(engine, metric, asked);
  const timeline = engine.timelineOf(request, asked.asOf);
  const windows = [...engine.startsOf(timeline)].map((start) => ({
    start,
    end: engine.endOf(timeline.windows, start),
  }));
  const view = viewOf(request, metric);
  const read: ReadHistory = {
    view: request,
    windows,
    cells: [],
    members: null,
    ranking: [],
    to: asked.cut,
    rows: 0,
  };
  if (windows.length === 0) return read;
  const end = windows.at(-1)!.end;
  if (view.top !== null) {
    const bounds = [timeline.first, end];
    const ranking = rangeRead(
      view,
      { windows: { kind: 'list', bounds }, first: timeline.first, last: timeline.first },
      end,
    );
    read.ranking = (await readCells(reader, { ...ranking, target: 'ranking' })).cells;
    view.top.begin();
    for (const { group, values } of read.ranking)
      if (group !== null) view.top.add({ group, value: values[0]! });
    view.top.finish();
    read.members = view.top.members;
  }
  if (timeline.first >= asked.cut) return read;
  const settled = asked.cut >= end ? timeline.last : engine.floorOn(timeline.windows, asked.cut - 1);
  const last = Math.min(timeline.last, settled);
  read.to = Math.min(engine.endOf(timeline.windows, last), asked.cut);
  const range = rangeRead(view, { ...timeline, last }, read.to);
  return { ...read, ...(await readCells(reader, range)) };
}

/** Throws where the product refuses the view. */
function resolve(engine: Engine, metric: Metric, asked: Asked): View {
  const request = parseViewRequest(requestOf(asked, metric));
  if (!request.ok) throw new Error(request.fault.message);
  const outputs = aggregateOf(metric.aggregate).outputs(metric.aggregate);
  const view = engine.resolveView(request.value, metric, { zoneOf, outputs });
  if (!view.ok) throw new Error(`${view.fault.message} ${JSON.stringify(request.value)}`);
  return view.value;
}

function viewOf(request: View, metric: Metric): LiveView {
  const aggregate = aggregateOf(metric.aggregate);
  const parts = sourceOf(request, { hot: new HotSeries(), metric, aggregate, pace: FILL_PACE });
  const filled = () => ({ done: 1, of: 1 });
  return new LiveView({ id: 'v', key: 'v', version: VERSION, request, ...parts, filled, begins: () => null });
}

const rangeRead = (
  view: LiveView,
  { windows, first, last }: Pick<Timeline, 'windows' | 'first' | 'last'>,
  to: number,
): WindowsRead => ({
  kind: 'windows',
  id: 1,
  metric: view.request.metric,
  version: VERSION,
  view,
  target: 'range',
  ...{ windows, first, last, from: first, to },
  needs: new Map(),
});

async function readCells(
  { engine, store, inPages }: Reader,
  read: WindowsRead,
): Promise<Pick<ReadHistory, 'cells' | 'rows'>> {
  const cells: ReadCell[] = [];
  const found = await store.countPanes(engine.alignedOf(read));
  const count = inPages ? { ...found, ...LARGE } : found;
  const reading = { store, call: <T>(work: () => Promise<T>) => work(), isWanted: () => true };
  for await (const { rows, form } of engine.readWindowPages(read, count, reading)) {
    for (const { window, group, other, filled, state } of rows) {
      const elapsed = elapsedOf(window, engine.endOf(read.windows, window), read.to);
      const values = group === null ? [] : valueOfRow(read.view.source, state, { form, elapsed }).values;
      cells.push({ window, group, other, filled, form, values });
    }
  }
  return { cells, rows: found.rows };
}

/** ms of a window that panes below `to` can be in: what rates are over. */
export const elapsedOf = (start: number, end: number, to: number): number => Math.min(end, to) - start;
