import type { Schema, Static } from '#contracts/schema/schema.ts';
import { FILLED } from '#contracts/view/backfill-progress.ts';
import { apply, emptyContents } from '#contracts/view/frame.ts';
import type { OpenedView } from '../../views/view-service.ts';
import { writeToken } from './series-token.ts';

const TEXT = { type: 'string' } as const satisfies Schema;
const WHOLE = { type: 'integer' } as const satisfies Schema;
const TIME = { type: 'number', description: 'Epoch ms' } as const satisfies Schema;
const KNOWN_TIME = { type: ['number', 'null'], description: 'Epoch ms' } as const satisfies Schema;
const starts = <const Text extends string>(description: Text) =>
  ({ type: 'array', items: { type: 'number' }, description }) as const;

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
    window: { type: 'integer', description: 'Length of a window, ms' },
    cursor: { type: 'object', required: ['epoch', 'offset'], properties: { epoch: TEXT, offset: WHOLE } },
    watermark: KNOWN_TIME,
    asOf: KNOWN_TIME,
    filled: FILLED,
    full: { type: 'boolean', description: 'Whether this is the whole range, or only what changed' },
    start: { ...TIME, description: 'Start of the first window of the range, epoch ms' },
    end: { ...TIME, description: 'End of the last window of the range, epoch ms' },
    panes: starts('Starts of the windows of the values, ascending: the whole range, or those that changed'),
    open: starts('Of `panes`, those that are open: their values can still change'),
    partial: starts('Of `panes`, those in which the values of named groups are lower bounds'),
    overflow: starts('Of `panes`, those with a value that no double can hold, which is null'),
    series: {
      type: 'array',
      description: 'One entry per group and output',
      items: {
        type: 'object',
        required: ['group', 'output', 'values'],
        properties: {
          group: { type: 'object', additionalProperties: TEXT, description: 'Values of the dimensions' },
          output: TEXT,
          values: {
            type: 'array',
            items: { type: ['number', 'null'] },
            description: 'One value per pane; null: no value. Counts and sums are 0 where nothing happened',
          },
        },
      },
    },
    // The last field, so that a shell finds it.
    next: { type: 'string', description: 'The next `since`' },
  },
} as const satisfies Schema;

export type SeriesAnswer = Static<typeof SERIES_ANSWER>;

export function answerSeries({ live, info, epoch, to, change, whole }: OpenedView): SeriesAnswer {
  const full = change.snapshot === true;
  const contents = emptyContents();
  apply(contents, { epoch, from: to, to, views: [whole] }, whole);
  const changed = new Set(change.series);
  const shown = [...contents.series].filter(([number]) => full || changed.has(number));
  const { metric, version, window } = info;
  const { start, end, watermark, asOf, partial } = change;
  // Snapshots and resumed views always carry it.
  const filled = whole.filled!;
  const panes = full ? windowsOf(start, end, window) : change.windows;
  const empty = info.empty === 'zero' ? 0 : null;
  const series = shown.flatMap(([, { group, cells }]) =>
    info.outputs.map((output, i) => ({
      group: Object.fromEntries(info.groupBy.map((dimension, d) => [dimension, group[d]!])),
      output,
      values: panes.map((pane) => {
        const values = cells.get(pane);
        return values === undefined ? empty : values[i]!;
      }),
    })),
  );
  const isBeyond = (pane: number) =>
    shown.some(([, { cells }]) => cells.get(pane)?.every((value) => value === null));
  const overflow = panes.filter(isBeyond);
  const open = panes.filter((pane) => watermark === null || pane + window > watermark);
  const cursor = { epoch, offset: to };
  const next = writeToken({ cursor: { ...cursor, end }, version, view: live.id });
  return {
    metric,
    version,
    window,
    cursor,
    watermark,
    asOf,
    filled,
    full,
    start,
    end,
    panes,
    open,
    partial,
    overflow,
    series,
    next,
  };
}

function windowsOf(start: number, end: number, size: number): number[] {
  const panes: number[] = [];
  for (let pane = start; pane < end; pane += size) panes.push(pane);
  return panes;
}
