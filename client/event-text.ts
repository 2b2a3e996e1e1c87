import { MillraceError } from '#contracts/errors.ts';
import type { Environment } from './environment.ts';
import type { TrackOptions } from './types.ts';

/**
 * An event as the text that is sent, each time the same: its id and time are those of now. Throws a `MillraceError`
 * (`wrong_type`) where the properties are not JSON.
 */
export function eventText(
  event: string,
  properties: object | undefined,
  { key, id, timestamp }: TrackOptions,
  env: Pick<Environment, 'clock' | 'id'>,
): string {
  try {
    const time =
      typeof timestamp === 'number' ? finite(timestamp) : new Date(timestamp ?? env.clock()).toISOString();
    return JSON.stringify({ event, id: id ?? env.id(), key, timestamp: time, properties });
  } catch (error) {
    const message = `The event ${JSON.stringify(event)} cannot be written as JSON: ${String(error)}`;
    throw new MillraceError({ code: 'wrong_type', message }, { cause: error });
  }
}

/** Epoch s, ms, µs or ns: the server tells the unit by the magnitude, so it goes as it is. */
function finite(timestamp: number): number {
  if (Number.isFinite(timestamp)) return timestamp;
  throw new RangeError(`the timestamp ${timestamp} is no time`);
}
