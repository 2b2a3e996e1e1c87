import type { FrameView, Member } from '#contracts/view/frame.ts';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import { startsOf, type Timeline } from '#contracts/view/timeline.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { endOf } from '#contracts/view/windows.ts';
import type { Steps } from '../../core/steps.ts';
import type { OpenView } from '../../core/view/live-view.ts';
import type { OpenedView } from '../../views/view-service.ts';
import { writeToken } from './series-token.ts';

/** An opened view; what has moved on since it could answer is not looked at. */
export type AnsweredView = Omit<OpenedView, 'live'> & { live: Pick<OpenView, 'id'> };

/** Returns the answer in steps, since it may hold hundreds of thousands of values. */
export function* answerSeries(opened: AnsweredView): Steps<SeriesAnswer> {
  const { live, info, epoch, to, change, timeline, whole } = opened;
  const panes = panesOf(change, timeline);
  const begins = whole.begins ?? null;
  const { series, overflow } = yield* tabulate({ info, change, whole, panes, begins });
  yield;
  const ends = panes.map((pane) => (timeline === null ? pane : endOf(timeline.windows, pane)));
  const { watermark, asOf, partial, start, end } = change;
  const { metric, version, window } = info;
  const isEven = ends.every((at, i) => at - panes[i]! === window);
  yield;
  const compare = yield* compareWith({ info, change, whole, begins }, opened);
  return {
    metric,
    version,
    window,
    cursor: { epoch, offset: to },
    watermark,
    asOf,
    // Snapshots and resumed views always carry it.
    filled: whole.filled!,
    begins,
    full: change.snapshot === true,
    start,
    end,
    panes,
    ...(isEven ? {} : { ends }),
    open: panes.filter((_, i) => watermark === null || ends[i]! > watermark),
    partial,
    overflow,
    series,
    ...(whole.groups === undefined ? {} : { groups: whole.groups }),
    ...(compare === null ? {} : { compare }),
    next: writeToken({ cursor: { epoch, offset: to, end }, version, view: live.id }),
  };
}

const panesOf = (change: FrameView, timeline: Timeline | null): number[] =>
  change.snapshot !== true ? change.windows : timeline === null ? [] : [...startsOf(timeline)];

/** What a list of series is made of. */
interface Table {
  info: ViewInfo;
  /** Tells which series are shown, the values are those of `whole`. */
  change: FrameView;
  whole: FrameView;
  panes: readonly number[];
  begins: number | null;
}

/** Of one series, a list for each output; and for each of the first ones of the texts that its values belong to. */
interface Columns {
  values: (number | null)[][];
  names: (string | null)[][];
}

/** Cells that are placed in a step. */
const CELLS = 1_000;

/** The columns of a frame as one list of values for each series and output; and which panes have a value that no double can hold. */
function* tabulate({
  info,
  change,
  whole,
  panes,
  begins,
}: Table): Steps<Pick<SeriesAnswer, 'series' | 'overflow'>> {
  const zero = info.empty === 'zero' ? 0 : null;
  const empty = panes.map((pane) => (begins === null || pane < begins ? null : zero));
  const lists = new Map<number, Columns>();
  const series: SeriesAnswer['series'] = [];
  for (const member of shownIn(change, whole)) {
    const values = info.outputs.map(() => [...empty]);
    const names = info.outputs.slice(0, info.named ?? 0).map(() => panes.map((): string | null => null));
    lists.set(member.series, { values, names });
    const group = Object.fromEntries(info.groupBy.map((dimension, d) => [dimension, member.group[d]!]));
    const rest = member.rest ? { rest: member.rest } : {};
    for (const [i, output] of info.outputs.entries())
      series.push({
        group,
        ...rest,
        output,
        values: values[i]!,
        ...(names[i] === undefined ? {} : { names: names[i] }),
      });
    yield;
  }
  const indexes = new Map(panes.map((pane, i) => [pane, i]));
  yield;
  const places = whole.windows.map((window) => indexes.get(window));
  const beyond = new Set(whole.overflow);
  const overflow = new Set<number>();
  for (let i = 0; i < whole.at.length; i++) {
    if (i % CELLS === 0) yield;
    const place = places[whole.at[i]!];
    const columns = lists.get(whole.series[i]!);
    if (place === undefined || columns === undefined) continue;
    if (beyond.has(i)) overflow.add(place);
    else if (whole.values.every((column) => column[i] === null)) continue;
    for (const [output, column] of whole.values.entries()) columns.values[output]![place] = column[i]!;
    for (const [output, name] of whole.names?.[i]?.entries() ?? []) columns.names[output]![place] = name;
  }
  return { series, overflow: panes.filter((_, i) => overflow.has(i)) };
}

/** All series, or those that changed. */
function shownIn(change: FrameView, { members = [] }: FrameView): readonly Member[] {
  if (change.snapshot === true) return members;
  const changed = new Set(change.series);
  return members.filter(({ series }) => changed.has(series));
}

function* compareWith(
  { change: { compare: change }, whole: { compare: whole }, ...table }: Omit<Table, 'panes'>,
  { timeline: own, earlier: timeline }: AnsweredView,
): Steps<NonNullable<SeriesAnswer['compare']> | null> {
  if (change === undefined || whole === undefined || own === null || timeline === null) return null;
  const panes = panesOf(change, timeline);
  const starts = [...startsOf(own)];
  const indexes = new Map([...startsOf(timeline)].map((start, i) => [start, i]));
  const lengthOf = ({ windows }: Timeline, start: number) => endOf(windows, start) - start;
  const isUneven = (pane: number) => {
    const counterpart = starts[indexes.get(pane) ?? Number.POSITIVE_INFINITY];
    return counterpart !== undefined && lengthOf(own, counterpart) !== lengthOf(timeline, pane);
  };
  const { series } = yield* tabulate({ ...table, change, whole, panes });
  return {
    start: change.start,
    end: change.end,
    until: change.asOf,
    panes,
    uneven: panes.filter(isUneven),
    series,
  };
}
