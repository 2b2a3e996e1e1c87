import { WARNING } from '#contracts/log/system-record.ts';
import { EVENT_POSITION } from '#contracts/metric/verdict.ts';
import { FAULT } from '#contracts/schema/fault.ts';
import type { Schema } from '#contracts/schema/schema.ts';
import type { Filled } from '#contracts/view/backfill-progress.ts';
import type { Frame, FrameView, Member } from '#contracts/view/frame.ts';
import { PREVIEW_NOTES } from '#contracts/view/preview-result.ts';
import type { Beat, Notice, Status, Tail, TailRow } from '#contracts/view/protocol.ts';
import type { ViewInfo } from '#contracts/view/view.ts';

/*
 * What a gateway says, whole. The client does not ship these: its own readers look at what it relies on, so that the module stays
 * small. `Every` keeps a field from being forgotten here.
 */

type Every<T> = Schema & { readonly properties: Readonly<Record<keyof T, Schema>> };

const TEXT = { type: 'string' } as const satisfies Schema;
const WHOLE = { type: 'integer' } as const satisfies Schema;
const NUMBER = { type: 'number' } as const satisfies Schema;
const FIGURE = { type: ['number', 'null'] } as const satisfies Schema;
const TEXTS = { type: 'array', items: TEXT } as const satisfies Schema;
const NUMBERS = { type: 'array', items: NUMBER } as const satisfies Schema;
/** Two texts; the words that the walker does not know give the type. */
const PAIR = {
  type: 'array',
  items: TEXT,
  minItems: 2,
  maxItems: 2,
  prefixItems: [TEXT, TEXT],
  additionalItems: false,
} as const;
/** As far as clocks go. */
const TIME = { type: 'number', minimum: -8.64e15, maximum: 8.64e15 } as const satisfies Schema;

const FILLED = {
  type: 'object',
  required: ['done', 'of'],
  properties: {
    done: NUMBER,
    of: NUMBER,
    failing: {
      type: 'object',
      required: ['code', 'message', 'attempts', 'next'],
      properties: { code: TEXT, message: TEXT, attempts: NUMBER, next: NUMBER },
    },
  },
} as const satisfies Every<Filled>;

const VIEW_INFO = {
  type: 'object',
  required: [
    'view',
    'metric',
    'version',
    'title',
    'unit',
    'better',
    'outputs',
    'empty',
    'adds',
    'groupBy',
    'window',
    'range',
    'pane',
    'events',
  ],
  properties: {
    view: TEXT,
    metric: TEXT,
    version: NUMBER,
    title: TEXT,
    unit: TEXT,
    better: { enum: ['higher', 'lower', null] },
    outputs: TEXTS,
    named: NUMBER,
    empty: { enum: ['zero', 'none'] },
    adds: { enum: ['windows', 'groups', 'nothing'] },
    groupBy: TEXTS,
    window: NUMBER,
    range: NUMBER,
    every: NUMBER,
    calendar: {
      type: 'object',
      required: ['unit', 'timezone'],
      properties: { unit: { enum: ['hour', 'day', 'week', 'month', 'quarter', 'year'] }, timezone: TEXT },
    },
    whole: { const: true },
    between: { type: 'object', required: ['from', 'to'], properties: { from: TIME, to: TIME } },
    compare: { const: true },
    top: { type: 'object', required: ['by', 'limit'], properties: { by: TEXT, limit: NUMBER } },
    pane: NUMBER,
    events: { anyOf: [TEXTS, { type: 'null' }] },
  },
} as const satisfies Every<ViewInfo>;

const MEMBER = {
  type: 'object',
  required: ['series', 'group'],
  properties: { series: NUMBER, group: TEXTS, rest: { const: true } },
} as const satisfies Every<Member>;

const CONTENTS = {
  type: 'object',
  required: [
    'view',
    'version',
    'received',
    'watermark',
    'asOf',
    'start',
    'end',
    'windows',
    'at',
    'series',
    'values',
    'partial',
  ],
  properties: {
    view: TEXT,
    version: NUMBER,
    snapshot: { const: true },
    info: VIEW_INFO,
    received: FIGURE,
    watermark: FIGURE,
    asOf: FIGURE,
    filled: FILLED,
    start: TIME,
    end: TIME,
    windows: NUMBERS,
    at: NUMBERS,
    series: NUMBERS,
    values: { type: 'array', items: { type: 'array', items: FIGURE } },
    names: { type: 'array', items: TEXTS },
    overflow: NUMBERS,
    partial: NUMBERS,
    members: { type: 'array', items: MEMBER },
    begins: FIGURE,
    bounds: NUMBERS,
    groups: NUMBER,
    preview: PREVIEW_NOTES,
  },
} as const satisfies Every<Omit<FrameView, 'compare'>>;

const FRAME_VIEW = {
  ...CONTENTS,
  properties: { ...CONTENTS.properties, compare: CONTENTS },
} as const satisfies Every<FrameView>;

export const FRAME = {
  type: 'object',
  required: ['epoch', 'from', 'to', 'views'],
  properties: { epoch: TEXT, from: WHOLE, to: WHOLE, views: { type: 'array', items: FRAME_VIEW } },
} as const satisfies Every<Frame>;

const STATUS = {
  type: 'object',
  required: ['ingestRate', 'rejectedRate', 'lag', 'watermark', 'lateShare', 'viewers', 'events'],
  properties: {
    ingestRate: FIGURE,
    rejectedRate: FIGURE,
    lag: FIGURE,
    watermark: FIGURE,
    lateShare: FIGURE,
    viewers: NUMBER,
    events: FIGURE,
    warnings: { type: 'array', items: WARNING },
  },
} as const satisfies Every<Status>;

export const BEAT = {
  type: 'object',
  required: ['time', 'offset', 'views', 'status'],
  properties: {
    time: TIME,
    offset: NUMBER,
    views: {
      type: 'array',
      items: {
        type: 'object',
        required: ['view', 'asOf', 'watermark'],
        properties: { view: TEXT, asOf: FIGURE, watermark: FIGURE, filled: FILLED },
      },
    },
    status: STATUS,
  },
} as const satisfies Every<Beat>;

/** A refusal too: with no view. */
export const NOTICE = {
  type: 'object',
  required: ['code', 'message', 'retry'],
  properties: { ...FAULT.properties, retry: { type: 'boolean' }, view: TEXT },
} as const satisfies Every<Notice>;

const REFUSED = {
  type: 'object',
  required: ['ok', 'error'],
  properties: { ok: { const: false }, error: NOTICE },
} as const satisfies Schema;

export const SUBSCRIBE_REPLY = {
  anyOf: [
    {
      type: 'object',
      required: ['ok', 'info', 'frame'],
      properties: { ok: { const: true }, info: VIEW_INFO, frame: FRAME },
    },
    REFUSED,
  ],
} as const satisfies Schema;

export const AUTH_REPLY = {
  anyOf: [
    {
      type: 'object',
      required: ['ok', 'expires'],
      properties: { ok: { const: true }, expires: FIGURE },
    },
    REFUSED,
  ],
} as const satisfies Schema;

const TAIL_ROW = {
  type: 'object',
  required: ['time', 'event', 'text'],
  properties: {
    time: NUMBER,
    event: TEXT,
    text: TEXT,
    properties: { type: 'array', items: PAIR },
    kinds: TEXT,
    cut: { const: true },
    id: TEXT,
    key: TEXT,
    position: EVENT_POSITION,
    rejected: FAULT,
  },
} as const satisfies Every<TailRow>;

export const TAIL = {
  type: 'object',
  required: ['rows', 'skipped'],
  properties: { rows: { type: 'array', items: TAIL_ROW }, skipped: WHOLE },
} as const satisfies Every<Tail>;
