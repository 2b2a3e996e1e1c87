import { type Fault, ok, type Result } from '#contracts/errors.ts';
import type { ScannedEvent } from '#contracts/event-scan.ts';
import { MAX_TIMESTAMP } from '#contracts/timestamp.ts';
import { isoTime } from './iso-time.ts';

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
 * The event's own bytes, unless the client's clock has to be corrected: then the timestamp, and nothing else, is
 * written anew. Refuses what is too far ahead of receipt. `bytes` is the body, [start, end) the event.
 */
export function judgeTime(
  bytes: Uint8Array,
  start: number,
  end: number,
  event: ScannedEvent,
  receipt: Receipt,
): Result<Line> {
  const { received, sentAt, skew } = receipt;
  if (event.timestamp === null) return ok({ bytes, start, end });
  const time = sentAt === null ? event.timestamp : event.timestamp + received - sentAt;
  if (time > received + skew) return refuseTime('timestamp_in_future', describeAhead(time, receipt));
  if (time < 0 || time >= MAX_TIMESTAMP) {
    return refuseTime('invalid_timestamp', 'timestamp: corrected by sent_at it lies outside 1970 to 2200.');
  }
  if (time === event.timestamp) return ok({ bytes, start, end });
  const text = new TextEncoder().encode(`"${isoTime(time)}"`);
  const head = bytes.subarray(start, event.timestampStart);
  const tail = bytes.subarray(event.timestampEnd, end);
  const rewritten = new Uint8Array(head.length + text.length + tail.length);
  rewritten.set(head);
  rewritten.set(text, head.length);
  rewritten.set(tail, head.length + text.length);
  return ok({ bytes: rewritten, start: 0, end: rewritten.length });
}

function describeAhead(time: number, { received, skew }: Receipt): string {
  const ahead = Math.round((time - received) / 1_000);
  return `timestamp: ${ahead} s ahead of its receipt; at most ${skew / 1_000} s are allowed. The parameter sent_at corrects a wrong clock.`;
}

const refuseTime = (code: Fault['code'], message: string): Result<never> => ({
  ok: false,
  fault: { code, message, field: 'timestamp' },
});
