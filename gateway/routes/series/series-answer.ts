import type { Schema, Static } from '#contracts/schema/schema.ts';
import { FILLED } from '#contracts/view/backfill-progress.ts';
import type { FrameView, Member } from '#contracts/view/frame.ts';
import { startsOf, type Timeline } from '#contracts/view/timeline.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { endOf } from '#contracts/view/windows.ts';
import type { Steps } from '../../core/steps.ts';
import type { OpenView } from '../../core/view/live-view.ts';
import type { OpenedView } from '../../views/view-service.ts';
import { writeToken } from './series-token.ts';

const TEXT = { type: 'string' } as const satisfies Schema;
const WHOLE = { type: 'integer' } as const satisfies Schema;
const TIME = { type: 'number', description: 'Epoch ms' } as const satisfies Schema;
const KNOWN_TIME = { type: ['number', 'null'], description: 'Epoch ms' } as const satisfies Schema;
const starts = <const Text extends string>(description: Text) =>
  ({ type: 'array', items: { type: 'number' }, description }) as const;

/** One entry per group and output. */
const SERIES = {
  type: 'array',
  description: 'One entry per group and output',
  items: {
    type: 'object',
    required: ['group', 'output', 'values'],
    properties: {
      group: { type: 'object', additionalProperties: TEXT, description: 'Values of the dimensions' },
      rest: { const: true, description: 'All groups that are not among the highest, merged' },
      output: TEXT,
      values: {
        type: 'array',
        items: { type: ['number', 'null'] },
        description:
          'One value per pane; null: no value. Counts and sums are 0 where nothing happened, and null before `begins`',
      },
    },
  },
} as const satisfies Schema;

/** The earlier range that the answer is compared with. */
const COMPARED = {
  type: 'object',
  description: 'The earlier range: its windows belong to those of the answer, index by index',
  required: ['start', 'end', 'until', 'panes', 'uneven', 'series'],
  properties: {
    start: { ...TIME, description: 'Start of its first window, epoch ms' },
    end: { ...TIME, description: 'End of its last window, epoch ms' },
    until: {
      ...KNOWN_TIME,
      description: 'Up to where its last window is shown: as much as has passed of the other',
    },
    panes: starts('Starts of its windows, ascending: all of them, or those that changed'),
    uneven: starts('Of `panes`, those whose length differs from that of the window that they belong to'),
    series: SERIES,
  },
} as const satisfies Schema;

/** The answer of GET /v1/metrics/:id/series. Times are epoch ms. */
export const SERIES_ANSWER = {
  type: 'object',
  additionalProperties: true,
  description:
    'Windows, one value for each, whether this is a complete response (`full`), and `next` to pass as `since`',
  required: [
    'metric',
    'version',
    'window',
    'cursor',
    'watermark',
    'asOf',
    'filled',
    'begins',
    'full',
    'start',
    'end',
    'panes',
    'open',
    'partial',
    'overflow',
    'series',
    'next',
  ],
  properties: {
    metric: TEXT,
    version: WHOLE,
    window: { type: 'integer', description: 'Length of a window, ms; a mean where they differ' },
    cursor: { type: 'object', required: ['epoch', 'offset'], properties: { epoch: TEXT, offset: WHOLE } },
    watermark: KNOWN_TIME,
    asOf: KNOWN_TIME,
    filled: FILLED,
    begins: {
      ...KNOWN_TIME,
      description: 'From where on history is known, epoch ms; null: nothing is known yet',
    },
    full: { type: 'boolean', description: 'Whether this is the whole range, or only what changed' },
    start: { ...TIME, description: 'Start of the first window of the range, epoch ms' },
    end: { ...TIME, description: 'End of the last window of the range, epoch ms' },
    panes: starts('Starts of the windows of the values, ascending: the whole range, or those that changed'),
    ends: starts('Ends of `panes`, where windows overlap, leave gaps or are periods of a calendar'),
    open: starts('Of `panes`, those that are open: their values can still change'),
    partial: starts('Of `panes`, those in which the values of named groups are lower bounds'),
    overflow: starts('Of `panes`, those with a value that no double can hold, which is null'),
    series: SERIES,
    groups: { type: 'integer', description: 'With `top`: how many groups there are' },
    compare: COMPARED,
    // The last field, so that a shell finds it.
    next: { type: 'string', description: 'The next `since`' },
  },
} as const satisfies Schema;

export type SeriesAnswer = Static<typeof SERIES_ANSWER>;

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
  const lists = new Map<number, (number | null)[][]>();
  const series: SeriesAnswer['series'] = [];
  for (const member of shownIn(change, whole)) {
    const values = info.outputs.map(() => [...empty]);
    lists.set(member.series, values);
    const group = Object.fromEntries(info.groupBy.map((dimension, d) => [dimension, member.group[d]!]));
    const rest = member.rest ? { rest: member.rest } : {};
    for (const [i, output] of info.outputs.entries())
      series.push({ group, ...rest, output, values: values[i]! });
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
    const values = lists.get(whole.series[i]!);
    if (place === undefined || values === undefined) continue;
    if (beyond.has(i)) overflow.add(place);
    else if (whole.values.every((column) => column[i] === null)) continue;
    for (const [output, column] of whole.values.entries()) values[output]![place] = column[i]!;
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
