import type { ViewListener } from '#client/types.ts';
import { emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import type { View as AskedView, ViewInfo } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { type FakeMetric, METRICS, STATS } from './fake-data.ts';
import { LISTS } from './fake-lists.ts';
import { type FakeWindows, setBounds, spansOf, windowsNow } from './fake-ranges.ts';
import { SHAPES } from './fake-shapes.ts';

/** How long events take until they are counted, ms. */
export const LAG = 1_200;

export const metricOf = ({ metric }: ViewRequest): FakeMetric =>
  // Rooms that read definitions have more of them than there are shapes.
  ({ ...METRICS, ...SHAPES, ...STATS, ...LISTS })[metric] ?? METRICS.orders!;

/** A view that is subscribed to. */
export interface View {
  id: string;
  request: ViewRequest;
  asked: AskedView;
  listener: ViewListener;
  info: ViewInfo;
  contents: ViewContents;
  opened: number;
}

/** A window, or as much of it as has passed. */
interface Span {
  start: number;
  end: number;
}

/** The most samples of a value over a long time. */
const SAMPLES = 90;

/** Values of one window; null for none, which is no cell. */
export function cell(view: View, group: number, span: Span): number[] | null {
  const metric = metricOf(view.request);
  const values = view.info.whole ? overSpan(view, group, span) : atStart(view, group, span);
  const known = metric.empty === 'zero' ? values.map(Math.round) : values;
  return known.every(Number.isNaN) ? null : known;
}

function atStart(view: View, group: number, { start, end }: Span): number[] {
  const metric = metricOf(view.request);
  const share = Math.min(1, Math.max(0, (Date.now() - LAG / 2 - start) / (end - start)));
  const counts = metric.empty === 'zero' && !(view.request.metric in SHAPES);
  const scale =
    counts && view.request.metric !== 'active_users' ? ((end - start) / metric.window) * share : 1;
  return metric.at(group, Math.floor(start / 1_000)).map((v) => (metric.empty === 'zero' ? v * scale : v));
}

/** The sum of the windows of the metric where they add, else their mean. */
function overSpan(view: View, group: number, { start, end }: Span): number[] {
  const { window, at, outputs } = metricOf(view.request);
  const until = Math.min(end, Date.now() - LAG / 2);
  const windows = Math.ceil((until - start) / window);
  const step = window * Math.max(1, Math.ceil(windows / SAMPLES));
  const sums = outputs.map(() => ({ sum: 0, n: 0 }));
  for (let t = Math.ceil(start / window) * window; t < until; t += step)
    at(group, Math.floor(t / 1_000)).forEach((value, i) => {
      if (Number.isNaN(value)) return;
      sums[i]!.sum += value;
      sums[i]!.n++;
    });
  const adds = view.info.adds === 'windows' && view.request.metric !== 'active_users';
  return sums.map(({ sum, n }) => (n === 0 ? Number.NaN : adds ? (sum * step) / window : sum / n));
}

/** Whether a group passes the filter of the view. */
const matches = ({ request, info }: View, group: readonly string[]): boolean =>
  Object.entries(request.where ?? {}).every(([dimension, value]) =>
    [value].flat().some((wanted) => wanted === group[info.groupBy.indexOf(dimension)]),
  );

export const isHole = (mode: string, view: View, start: number): boolean => {
  const ago = Date.now() - start;
  if (view.info.empty !== 'none' || view.info.whole) return false;
  return (mode === 'gap' && ago > 388_000 && ago < 520_000) || (mode === 'ended' && ago < 190_000);
};

/** How long ago history begins in the mode that has a beginning, ms. */
const BEGAN = 500_000;

function beginsOf({ request, opened }: View, mode: string): number | null {
  const { begins } = metricOf(request);
  if (mode === 'begins') return opened - BEGAN;
  if (mode === 'first') return opened;
  return begins === undefined ? 0 : begins(Date.now());
}

export function setTimes(view: View, mode: string, { now, before }: FakeWindows): void {
  const times = { watermark: Date.now() - LAG, asOf: Date.now(), begins: beginsOf(view, mode) };
  Object.assign(view.contents, times);
  setBounds(view.contents, now);
  if (before === null) return;
  view.contents.compare ??= emptyContents();
  Object.assign(view.contents.compare, times);
  setBounds(view.contents.compare, before);
}

/** The sum of the groups that have no series of their own. */
export function restAt(view: View, span: Span): number[] | null {
  const named = new Set([...view.contents.series].flatMap(([g, { rest }]) => (rest ? [] : [g])));
  const parts = metricOf(view.request).groups.flatMap((_, g) =>
    named.has(g) ? [] : [cell(view, g, span) ?? []],
  );
  return view.info.outputs.map((_, i) => parts.reduce((sum, values) => sum + (values[i] ?? 0), 0));
}

/** The groups with the highest values, as many as a view asks for, and the others as one where they add. */
function keepTop(view: View, spans: readonly Span[]): void {
  const { contents, asked, info } = view;
  const limit = asked.top?.limit ?? Number.POSITIVE_INFINITY;
  if (asked.top === null || contents.series.size <= limit) return;
  const last = spans.at(-1)!.start;
  const ranked = [...contents.series].sort(
    ([, a], [, b]) => (b.cells.get(last)?.[0] ?? 0) - (a.cells.get(last)?.[0] ?? 0),
  );
  const left = ranked.slice(limit);
  contents.groups = ranked.length;
  for (const [series] of left) contents.series.delete(series);
  if (info.adds === 'nothing') return;
  const cells = new Map<number, number[]>();
  for (const [, { cells: own }] of left)
    for (const [start, values] of own)
      cells.set(
        start,
        values.map((value, i) => (value ?? 0) + (cells.get(start)?.[i] ?? 0)),
      );
  contents.series.set(left[0]![0], { group: info.groupBy.map(() => '__others__'), rest: true, cells });
}

export function fill(view: View, mode: string): void {
  const { contents } = view;
  const windows = windowsNow(view.asked, Date.now());
  setTimes(view, mode, windows);
  Object.assign(contents, { cursor: { epoch: 'fake', offset: 0 }, version: 1 });
  metricOf(view.request).groups.forEach((group, g) => {
    if (!matches(view, group)) return;
    contents.series.set(g, { group, cells: cellsOf(view, mode, g, spansOf(windows.now)) });
  });
  keepTop(view, spansOf(windows.now));
  fillBefore(view, mode, windows);
}

/** The earlier range: of the open window as much as has passed of it. */
export function fillBefore(view: View, mode: string, { now, before }: FakeWindows): void {
  const { contents } = view;
  if (before === null || contents.compare === null) return;
  const spans = spansOf(before);
  const newest = spansOf(now).at(-1);
  if (newest !== undefined && spans.length > 0)
    spans.at(-1)!.end -= Math.max(0, newest.end - Math.max(newest.start, Date.now() - LAG / 2));
  for (const [g, { group }] of contents.series)
    contents.compare.series.set(g, { group, cells: cellsOf(view, mode, g, spans) });
}

function cellsOf(view: View, mode: string, group: number, spans: readonly Span[]): Map<number, number[]> {
  const begins = beginsOf(view, mode);
  const cells = new Map<number, number[]>();
  for (const span of spans) {
    if (begins === null || span.end <= begins || span.start > Date.now()) continue;
    const values = isHole(mode, view, span.start) ? null : cell(view, group, span);
    if (values !== null) cells.set(span.start, values);
  }
  return cells;
}
