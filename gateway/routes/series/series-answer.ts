import type { Schema, Static } from '#contracts/schema/schema.ts';
import { FILLED } from '#contracts/view/backfill-progress.ts';
import {
  apply,
  emptyContents,
  type FrameView,
  type Series,
  type ViewContents,
} from '#contracts/view/frame.ts';
import { startsOf, type Timeline } from '#contracts/view/timeline.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { endOf } from '#contracts/view/windows.ts';
import type { LiveView } from '../../core/view/live-view.ts';
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

export function answerSeries({ live, info, epoch, to, change, whole }: OpenedView): SeriesAnswer {
  const full = change.snapshot === true;
  const contents = emptyContents();
  apply(contents, { epoch, from: to, to, views: [whole] }, whole);
  const { timeline } = live.range;
  const panes = panesOf(change, timeline);
  const shown = shownIn(contents, change, full);
  const table: Table = { info, shown, panes, begins: whole.begins ?? null };
  const ends = panes.map((pane) => live.range.endOf(pane));
  const { watermark, asOf, partial, start, end } = change;
  const { metric, version, window } = info;
  const isEven = ends.every((at, i) => at - panes[i]! === window);
  const next = writeToken({ cursor: { epoch, offset: to, end }, version, view: live.id });
  return {
    metric,
    version,
    window,
    cursor: { epoch, offset: to },
    watermark,
    asOf,
    // Snapshots and resumed views always carry it.
    filled: whole.filled!,
    begins: table.begins,
    full,
    start,
    end,
    panes,
    ...(isEven ? {} : { ends }),
    open: panes.filter((_, i) => watermark === null || ends[i]! > watermark),
    partial,
    overflow: panes.filter((pane) => isBeyond(table, pane)),
    series: tabulate(table),
    ...(whole.groups === undefined ? {} : { groups: whole.groups }),
    ...compareWith(table, { change, contents, live }),
    next,
  };
}

/** What a list of series is made of. */
interface Table {
  info: ViewInfo;
  shown: readonly Series[];
  panes: readonly number[];
  begins: number | null;
}

const panesOf = (change: FrameView, timeline: Timeline | null): number[] =>
  change.snapshot !== true ? change.windows : timeline === null ? [] : [...startsOf(timeline)];

/** All series, or those that changed: found once for a table, since there may be as many as cells. */
function shownIn({ series }: ViewContents, change: FrameView, isFull: boolean): Series[] {
  if (isFull) return [...series.values()];
  const changed = new Set(change.series);
  return [...series].filter(([number]) => changed.has(number)).map(([, one]) => one);
}

function tabulate(table: Table): SeriesAnswer['series'] {
  const { info, panes, begins } = table;
  const zero = info.empty === 'zero' ? 0 : null;
  const emptyAt = (pane: number) => (begins === null || pane < begins ? null : zero);
  return table.shown.flatMap(({ group, rest, cells }) =>
    info.outputs.map((output, i) => ({
      group: Object.fromEntries(info.groupBy.map((dimension, d) => [dimension, group[d]!])),
      ...(rest ? { rest } : {}),
      output,
      values: panes.map((pane) => {
        const values = cells.get(pane);
        return values === undefined ? emptyAt(pane) : values[i]!;
      }),
    })),
  );
}

const isBeyond = (table: Table, pane: number): boolean =>
  table.shown.some(({ cells }) => cells.get(pane)?.every((value) => value === null));

function compareWith(
  table: Table,
  {
    change,
    contents,
    live: { range, earlier },
  }: { change: FrameView; contents: ViewContents; live: LiveView },
): Pick<SeriesAnswer, 'compare'> {
  const timeline = earlier?.timeline ?? null;
  if (change.compare === undefined || contents.compare === null || timeline === null) return {};
  const isFull = change.compare.snapshot === true;
  const panes = panesOf(change.compare, timeline);
  const own = [...startsOf(range.timeline!)];
  const all = [...startsOf(timeline)];
  const lengthOf = ({ windows }: Timeline, start: number) => endOf(windows, start) - start;
  const isUneven = (pane: number) => {
    const counterpart = own[all.indexOf(pane)];
    return counterpart !== undefined && lengthOf(range.timeline!, counterpart) !== lengthOf(timeline, pane);
  };
  return {
    compare: {
      start: change.compare.start,
      end: change.compare.end,
      until: change.compare.asOf,
      panes,
      uneven: panes.filter(isUneven),
      series: tabulate({ ...table, shown: shownIn(contents.compare, change.compare, isFull), panes }),
    },
  };
}
