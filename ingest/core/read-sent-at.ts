import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { parseTimestamp } from '#contracts/event/timestamp.ts';

/** The query of `POST /v1/events`: `sent_at`, the client's clock when it sent the request, as epoch ms; null when absent. */
export function readSentAt(query: Readonly<Record<string, unknown>>): Result<number | null> {
  const unknown = Object.keys(query).find((name) => name !== 'sent_at');
  if (unknown !== undefined) {
    return refuse(
      'invalid_parameter',
      `${shown(unknown)} is not a parameter; "sent_at" is the only one.`,
      unknown,
    );
  }
  const raw = query.sent_at;
  if (raw === undefined) return ok(null);
  const number = typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw);
  const time = parseTimestamp(number ? Number(raw) : raw);
  if (time !== null) return ok(time);
  return refuse(
    'invalid_parameter',
    `sent_at: expected ISO 8601 with a zone ("+" written as %2B) or an epoch number, got ${shown(raw)}.`,
    'sent_at',
  );
}
