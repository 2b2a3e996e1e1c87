import { ok, type Result } from '#contracts/errors.ts';
import { parseTimestamp } from '#contracts/event/timestamp.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema } from '#contracts/schema/schema.ts';

/** The query of `POST /v1/events`. */
export const EVENTS_QUERY = {
  type: 'object',
  additionalProperties: false,
  member: 'a parameter; the only one is',
  properties: {
    sent_at: {
      type: 'string',
      expected: 'ISO 8601 with a zone ("+" written as %2B) or an epoch number',
      description:
        "The client's clock when it sent this; timestamps are corrected by the difference to receipt.",
      test: (text: unknown) => readTime(text) !== null,
      examples: ['2026-11-30T15:00:00Z', '1796050800000'],
    },
  },
} as const satisfies Schema;

/** Reads the query: `sent_at`, the client's clock when it sent the request, as epoch ms; null when absent. */
export function readSentAt(query: Readonly<Record<string, unknown>>): Result<number | null> {
  const read = readAs(EVENTS_QUERY, query, { code: 'invalid_parameter' });
  if (!read.ok) return read;
  return ok(read.value.sent_at === undefined ? null : readTime(read.value.sent_at));
}

const readTime = (text: unknown): number | null =>
  parseTimestamp(typeof text === 'string' && /^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
