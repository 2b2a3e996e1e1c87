import { MillraceError, shown } from '#contracts/errors.ts';
import { readEpoch } from '#contracts/event/timestamp.ts';
import type { Environment } from '../host/environment.ts';
import type { TrackOptions } from '../types.ts';

/**
 * The most characters of one event. By default a server accepts 64 KiB; an event many times larger would only push others out
 * of the queue.
 */
const MOST_CHARS = 500_000;

/**
 * Returns an event as the text that is sent, the same on each retry: its id and time are those of now. Throws a `MillraceError`: `wrong_type` where
 * something is not what it must be or not JSON, `event_too_large`.
 */
export function eventText(
  event: unknown,
  properties: unknown,
  options: TrackOptions | null | undefined,
  env: Pick<Environment, 'clock' | 'id'>,
): string {
  let text: string;
  try {
    if (typeof event !== 'string') throw wrong('event', 'a name', event);
    if (typeof (properties ?? {}) !== 'object' || Array.isArray(properties))
      throw wrong('properties', 'an object', properties);
    const { key, id, timestamp } = options ?? {};
    const time = readTime(timestamp ?? env.clock());
    text = JSON.stringify({
      event,
      id: id ?? env.id(),
      key,
      timestamp: time,
      properties: properties ?? undefined,
    });
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    const message = `The event ${shown(event)} cannot be written as JSON: ${causeOf(error)}`;
    throw new MillraceError({ code: 'wrong_type', message }, { cause: error });
  }
  if (text.length <= MOST_CHARS) return text;
  const message = `The event ${shown(event)} has ${text.length} characters; at most ${MOST_CHARS} can be sent.`;
  throw new MillraceError({ code: 'event_too_large', message });
}

/** Reads the unit of a number from its magnitude, as the server does. */
function readTime(time: unknown): string {
  // Not `instanceof`: a date of another frame is one, too.
  const ms = typeof time === 'number' ? readEpoch(time) : (time as Date).getTime?.();
  const date = new Date(ms ?? Number.NaN);
  if (Number.isNaN(date.getTime())) throw wrong('timestamp', 'a valid date or an epoch number', time);
  return date.toISOString();
}

const wrong = (field: string, wanted: string, value: unknown): MillraceError =>
  new MillraceError({
    code: 'wrong_type',
    field,
    message: `${field}: expected ${wanted}, got ${shown(value)}.`,
  });

/** Describes what was thrown, even where it cannot be made a text. */
function causeOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'unknown cause';
  }
}
