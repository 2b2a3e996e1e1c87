import { ok, type Result } from '#contracts/errors.ts';
import { parseTimestamp } from '#contracts/event/timestamp.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema } from '#contracts/schema/schema.ts';

/** The query of `POST /v1/events`. */
export const EVENTS_QUERY = {
  type: 'object',
  additionalProperties: false,
  member: 'a parameter; allowed are',
  properties: {
    sent_at: {
      type: 'string',
      expected: 'ISO 8601 with a zone ("+" written as %2B) or an epoch number',
      description:
        "The client's clock when it sent this; timestamps are corrected by the difference to receipt.",
      test: (text: unknown) => readTime(text) !== null,
      examples: ['2026-11-30T15:00:00Z', '1796050800000'],
    },
    import: {
      enum: ['true', 'false'],
      expected: 'true or false',
      description:
        'Whether the events are history, in any order: they are never late, and counted by all metrics; needs the scope import or admin.',
    },
  },
} as const satisfies Schema;

export interface EventsQuery {
  /** The client's clock when it sent the request, epoch ms; null when absent. */
  sentAt: number | null;
  /** Whether the events are history. */
  imported: boolean;
}

export function readEventsQuery(query: Readonly<Record<string, unknown>>): Result<EventsQuery> {
  const read = readAs(EVENTS_QUERY, query, { code: 'invalid_parameter' });
  if (!read.ok) return read;
  const { sent_at: sentAt, import: imported = 'false' } = read.value;
  return ok({ sentAt: sentAt === undefined ? null : readTime(sentAt), imported: imported === 'true' });
}

const readTime = (text: unknown): number | null =>
  parseTimestamp(typeof text === 'string' && /^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
