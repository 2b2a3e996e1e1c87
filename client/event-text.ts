import { MillraceError } from '#contracts/errors.ts';
import { readEpoch } from '#contracts/timestamp.ts';
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
    const time = readTime(timestamp ?? env.clock()).toISOString();
    return JSON.stringify({ event, id: id ?? env.id(), key, timestamp: time, properties });
  } catch (error) {
    const message = `The event ${JSON.stringify(event)} cannot be written as JSON: ${String(error)}`;
    throw new MillraceError({ code: 'wrong_type', message }, { cause: error });
  }
}

/** Of a number the magnitude tells the unit, as it does to the server; one that is no time is no date either. */
const readTime = (time: number | Date): Date =>
  typeof time === 'number' ? new Date(readEpoch(time) ?? Number.NaN) : time;
