import type { Schema, Static } from '../schema/schema.ts';
import { FILLED } from './backfill-progress.ts';

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
      names: {
        type: 'array',
        items: { type: ['string', 'null'] },
        description:
          'What each value belongs to, such as the value of the property that is counted; where there is such',
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
