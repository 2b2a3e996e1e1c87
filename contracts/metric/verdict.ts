import { ERROR_CODES } from '../errors.ts';
import type { Schema, Static } from '../schema/schema.ts';
import { COUNTED, PROPERTY_TYPES } from './explanation.ts';

/**
 * What became of an event for one metric. `counted`: by the `part` that holds it, in `pane` and `group`. `late`: by so many ms beyond the
 * lateness. `skipped`: a property has the wrong type. `absent`: the field of the aggregate has no value. `no_match`: its name, or the
 * first `condition` that does not hold. `before`: it is older than the metric, and not back-filled (yet). `imported`: it is not added (yet).
 * `duplicate`: a repeat.
 */
export const VERDICTS = [
  'counted',
  'late',
  'skipped',
  'absent',
  'no_match',
  'before',
  'imported',
  'duplicate',
] as const;

const TEXT = { type: 'string' } as const satisfies Schema;
const WHOLE = { type: 'integer' } as const satisfies Schema;
export const EVENT_POSITION = {
  type: 'object',
  description: 'A place in the topic `events`',
  required: ['partition', 'offset', 'index'],
  properties: { partition: WHOLE, offset: WHOLE, index: WHOLE },
} as const satisfies Schema;

export type EventPosition = Static<typeof EVENT_POSITION>;

/** Of one metric. */
export const METRIC_VERDICT = {
  type: 'object',
  required: ['metric', 'version', 'outcome'],
  properties: {
    metric: TEXT,
    version: WHOLE,
    outcome: {
      enum: VERDICTS,
      description:
        'counted; late; skipped (a property of the wrong type); absent (no value at the field of the aggregate); no_match; before (the metric, and not back-filled yet); imported (and not added yet); duplicate',
    },
    part: {
      enum: COUNTED,
      description: 'Of what is counted: folded as it came, back-filled, or added by an import or a rebuild',
    },
    pane: { type: 'integer', description: 'Start of the pane that it counts in, epoch ms' },
    group: {
      type: 'object',
      description: 'Its group, by dimension',
      additionalProperties: TEXT,
    },
    merged: {
      type: ['boolean', 'null'],
      description:
        'Whether the cap of groups merged its group into `__other__` there, in one or more dimensions; null: not known, since the pane is no longer kept in its own size, or nothing was sent. Absent without dimensions.',
    },
    by: { type: 'integer', description: 'Of what is late: ms beyond the lateness' },
    field: { ...TEXT, description: 'Of what is skipped or absent: the property that decides' },
    expected: { ...TEXT, description: 'What it would have to be; of a name that does not match: the names' },
    found: { enum: PROPERTY_TYPES, description: 'The type that it has' },
    condition: { ...TEXT, description: 'The first condition of the filter that does not hold, as text' },
  },
} as const satisfies Schema;

export type MetricVerdict = Static<typeof METRIC_VERDICT>;

/** Of one event. */
export const EVENT_VERDICT = {
  type: 'object',
  required: ['event', 'position', 'partition', 'metrics'],
  properties: {
    event: {
      type: ['string', 'null'],
      description: 'Its name; null: it is refused',
    },
    id: { type: ['string', 'null'] },
    key: { type: ['string', 'null'] },
    timestamp: { type: 'number', description: 'Epoch ms' },
    position: { anyOf: [EVENT_POSITION, { type: 'null' }], description: 'Null: it was not sent' },
    partition: {
      type: ['integer', 'null'],
      description: 'The partition that it is in or would be in; null: any, since it has neither key nor id',
    },
    rejected: {
      type: 'object',
      description: 'Why ingest refuses it; no metric sees it then',
      required: ['code', 'message'],
      properties: { code: { type: 'string', enum: ERROR_CODES }, field: TEXT, message: TEXT },
    },
    duplicate: {
      ...EVENT_POSITION,
      description: 'The first event with its key and id, which counts in its place',
    },
    metrics: { type: 'array', items: METRIC_VERDICT, description: 'By id' },
  },
} as const satisfies Schema;

export type EventVerdict = Static<typeof EVENT_VERDICT>;

/** The answer to `GET /v1/events/verdict`. */
export const VERDICTS_ANSWER = {
  type: 'object',
  required: ['verdicts', 'more'],
  properties: {
    verdicts: { type: 'array', items: EVENT_VERDICT, description: 'The newest first, at most 20' },
    more: { type: 'boolean', description: 'Whether there are older ones' },
  },
} as const satisfies Schema;

export type VerdictsAnswer = Static<typeof VERDICTS_ANSWER>;
