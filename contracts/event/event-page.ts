import type { Schema, Static } from '../schema/schema.ts';

const TEXT = { type: 'string' } as const satisfies Schema;
const OPTIONAL_TEXT = { type: ['string', 'null'] } as const satisfies Schema;
const WHOLE = { type: 'integer' } as const satisfies Schema;

/** An archived event, as readers get it. Times are epoch ms. */
export const ARCHIVED_EVENT = {
  type: 'object',
  required: ['event', 'id', 'key', 'timestamp', 'received', 'position', 'properties'],
  properties: {
    event: TEXT,
    id: OPTIONAL_TEXT,
    key: OPTIONAL_TEXT,
    timestamp: { type: 'number', description: "The event's own time, epoch ms." },
    received: { type: 'number', description: 'When it was received, epoch ms.' },
    position: {
      type: 'object',
      description: 'Its place in the topic `events`; no two events share one.',
      required: ['partition', 'offset', 'index'],
      properties: { partition: WHOLE, offset: WHOLE, index: WHOLE },
    },
    behind: {
      type: 'number',
      minimum: 0,
      description:
        'ms that it was behind the watermark of its partition when it was counted: late for every metric whose `lateness` is not more. Absent if it was not behind, and if it was imported.',
    },
    imported: { const: true, description: 'Imported history; else absent.' },
    properties: {
      type: 'object',
      additionalProperties: true,
      description: 'As they were sent, in any order.',
    },
  },
} as const satisfies Schema;

export type ArchivedEvent = Static<typeof ARCHIVED_EVENT>;

/** The answer to `GET /v1/events`. */
export const EVENT_PAGE = {
  type: 'object',
  required: ['events', 'searched', 'next'],
  properties: {
    events: {
      type: 'array',
      items: ARCHIVED_EVENT,
      description: 'Newest first by their own time, then by position; at most `limit`, and possibly none.',
    },
    searched: {
      type: ['number', 'null'],
      description:
        'Epoch ms down to which this page and those before it have been searched; null if that is the whole archive.',
    },
    next: {
      type: ['string', 'null'],
      description: '`cursor` of the next page; null if there is none.',
    },
  },
} as const satisfies Schema;

export type EventPage = Static<typeof EVENT_PAGE>;
