import { type Fault, ok, type Result, shown } from '../errors.ts';
import type { ScannedEvent } from '../event/event-scan.ts';
import { asciiText } from '../event/json-bytes.ts';
import { MAX_TIMESTAMP, parseTimestamp } from '../event/timestamp.ts';
import { ASCII } from '../text/ascii.ts';
import { DAY } from '../text/duration.ts';

const { QUOTE } = ASCII;

export interface Receipt {
  /** Epoch ms. */
  received: number;
  /** The client's clock when it sent the request, epoch ms; null when it did not say. */
  sentAt: number | null;
  /** How far ahead of receipt a timestamp may be, ms. */
  skew: number;
}

/** An event's text: bytes [start, end), which are not copied before they go into a block. */
export interface Line {
  bytes: Uint8Array;
  start: number;
  end: number;
}

/**
 * Returns the event's own bytes, unless the client's clock has to be corrected: then the timestamp, and nothing else,
 * is rewritten. Refuses what is too far ahead of receipt. `bytes` is the body, [start, end) the event.
 */
export function normalizeTime(
  bytes: Uint8Array,
  start: number,
  end: number,
  event: ScannedEvent,
  receipt: Receipt,
): Result<Line> {
  const { received, skew } = receipt;
  if (event.timestamp === null) return ok({ bytes, start, end });
  const number = bytes[event.timestampStart] !== QUOTE;
  if (event.timestamp < (number ? LEAST_NUMBER : LEAST_TEXT)) {
    const text = asciiText(bytes, event.timestampStart, event.timestampEnd);
    return refuseTime('invalid_timestamp', number ? explainNumber(text) : explainText(text));
  }
  const time = timeOf(event.timestamp, receipt);
  if (time > received + skew) return refuseTime('timestamp_in_future', describeAhead(time, receipt));
  if (time < 0 || time >= MAX_TIMESTAMP) {
    return refuseTime('invalid_timestamp', 'timestamp: corrected by sent_at it lies outside 1970 to 2200.');
  }
  if (time === event.timestamp) return ok({ bytes, start, end });
  const text = `"${new Date(time).toISOString()}"`;
  const behind = event.timestampStart - start + text.length;
  const rewritten = new Uint8Array(behind + end - event.timestampEnd);
  rewritten.set(bytes.subarray(start, event.timestampStart));
  ENCODER.encodeInto(text, rewritten.subarray(behind - text.length));
  rewritten.set(bytes.subarray(event.timestampEnd, end), behind);
  return ok({ bytes: rewritten, start: 0, end: rewritten.length });
}

/** An event's time, epoch ms, corrected by the client's clock. */
export function timeOf(timestamp: number, { received, sentAt }: Receipt): number {
  return sentAt === null ? timestamp : timestamp + received - sentAt;
}

const ENCODER = new TextEncoder();
/** Epoch numbers begin here, in 1973: below it no unit but seconds could be meant, and what is sent are counters, days and dates. */
const LEAST_NUMBER = 1e11;
/** March of 1970: until then reach seconds that were taken for milliseconds, 0 and the like. */
const LEAST_TEXT = 5_097_600_000;

function explainNumber(text: string): string {
  const value = Number(text);
  const wanted = 'timestamp: epoch numbers begin at 100000000 s (1973), older times are written as ISO 8601';
  return `${wanted}, got ${shown(value)}.${guessNumber(value)}`;
}

/** What else the number may be: a spreadsheet's day, a date written as digits, or no time at all. */
function guessNumber(value: number): string {
  if (value <= 1) return ' Leave the field out where there is no time.';
  if (value >= 25_569 + 7_305 && value < 73_051) {
    return ` As a day of a spreadsheet it would be ${new Date(Math.floor((value - 25_569) * DAY)).toISOString()}.`;
  }
  const date = /^(\d{4})(\d\d)(\d\d)$/.exec(String(value))?.slice(1).join('-') ?? '';
  return parseTimestamp(date) === null ? '' : ` As a date it would be "${date}".`;
}

const explainText = (text: string): string =>
  `timestamp: got ${shown(text.slice(1, -1))}, which is what 0 becomes, or seconds that are taken for milliseconds; times before March 1970 are not taken.`;

function describeAhead(time: number, { received, skew }: Receipt): string {
  const ahead = Math.round((time - received) / 1_000);
  return `timestamp: ${ahead} s ahead of its receipt; at most ${skew / 1_000} s are allowed. The parameter sent_at corrects a wrong clock.`;
}

const refuseTime = (code: Fault['code'], message: string): Result<never> => ({
  ok: false,
  fault: { code, message, field: 'timestamp' },
});
