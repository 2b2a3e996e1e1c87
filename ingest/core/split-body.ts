import { ok, type Result, refuse } from '#contracts/errors.ts';
import { skipSpace } from '#contracts/json-bytes.ts';
import type { Media } from './read-media-type.ts';

/** Where one event's text lies in the body; not yet known to be JSON. */
export interface Span {
  start: number;
  end: number;
}

export interface SplitBody {
  spans: Span[];
  /** Whether the spans are lines, which hold no line break. */
  lines: boolean;
}

const LINE_FEED = 0x0a;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

/**
 * Finds the events of a body: one object, the elements of an array, or the lines of NDJSON (blank ones do not count).
 * Only the frame is judged here, so that one bad event does not spoil its neighbours.
 */
export function splitBody(bytes: Uint8Array, media: Media, maxEvents: number): Result<SplitBody> {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const start = skipSpace(bytes, marked ? 3 : 0, bytes.length);
  if (start === bytes.length)
    return refuse('empty_body', 'The body is empty; send an event, a list of events or NDJSON.');
  if (media === 'ndjson') return limited(splitLines(bytes, start, maxEvents), true, maxEvents);
  if (bytes[start] === OPEN_OBJECT) return ok({ spans: [{ start, end: bytes.length }], lines: false });
  if (bytes[start] === OPEN_ARRAY) {
    const spans = splitArray(bytes, start, maxEvents);
    return spans === null
      ? refuse(
          'invalid_json',
          'The list of events is not closed, or something stands behind it; nothing was accepted.',
        )
      : limited(spans, false, maxEvents);
  }
  if (media === 'json') return refuse('invalid_json', 'The body starts with neither "{" nor "[".');
  return refuse(
    'unsupported_media_type',
    'Send JSON that starts with "{" or "[", or NDJSON declared as application/x-ndjson.',
    'content-type',
  );
}

function limited(spans: Span[], lines: boolean, maxEvents: number): Result<SplitBody> {
  if (spans.length <= maxEvents) return ok({ spans, lines });
  return refuse('too_many_events', `The request holds more than ${maxEvents} events; nothing was accepted.`);
}

function splitLines(bytes: Uint8Array, from: number, maxEvents: number): Span[] {
  const spans: Span[] = [];
  let start = from;
  while (start < bytes.length && spans.length <= maxEvents) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    if (skipSpace(bytes, start, end) < end) spans.push({ start, end });
    start = end + 1;
  }
  return spans;
}

/** Null when the array does not end, or something follows it. Stops one event beyond the limit. */
function splitArray(bytes: Uint8Array, from: number, maxEvents: number): Span[] | null {
  const spans: Span[] = [];
  let depth = 0;
  let start = from + 1;
  for (let i = start; i < bytes.length && spans.length <= maxEvents; i++) {
    const c = bytes[i]!;
    if (c === 0x22) i = skipText(bytes, i);
    else if (c === OPEN_OBJECT || c === OPEN_ARRAY) depth++;
    else if (c === 0x2c && depth === 0) {
      spans.push({ start, end: i });
      start = i + 1;
    } else if (c === 0x7d || c === 0x5d) {
      if (--depth >= 0) continue;
      const empty = spans.length === 0 && skipSpace(bytes, start, i) === i;
      if (!empty) spans.push({ start, end: i });
      return c === 0x5d && skipSpace(bytes, i + 1, bytes.length) === bytes.length ? spans : null;
    }
  }
  return spans.length > maxEvents ? spans : null;
}

/** The index of the closing quote, or the end. */
function skipText(bytes: Uint8Array, from: number): number {
  let i = from + 1;
  while (i < bytes.length && bytes[i] !== 0x22) i += bytes[i] === 0x5c ? 2 : 1;
  return i;
}
