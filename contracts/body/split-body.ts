import { ok, type Result, refuse } from '../errors.ts';
import { skipSpace } from '../event/json-bytes.ts';
import { ASCII } from '../text/ascii.ts';
import { guessFormat } from './guess-format.ts';
import type { Media } from './read-media-type.ts';

const { LINE_FEED, QUOTE, COMMA, OPEN_ARRAY, BACKSLASH, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT } = ASCII;

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

/** Bytes that are read between two steps, at which other work may run. */
const SLICE = 131_072;

/**
 * Finds the events of a body: one object, the elements of an array, or the lines of NDJSON (blank ones do not count).
 * Only the frame is judged here, so that one bad event does not spoil its neighbours. Yields between slices of a long body.
 */
export function* splitBody(
  bytes: Uint8Array,
  media: Media,
  maxEvents: number,
): Generator<void, Result<SplitBody>> {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const start = skipSpace(bytes, marked ? 3 : 0, bytes.length);
  if (start === bytes.length)
    return refuse('empty_body', 'The body is empty; send an event, a list of events or NDJSON.');
  if (media === 'ndjson') return limited(yield* splitLines(bytes, start, maxEvents), true, maxEvents);
  if (bytes[start] === OPEN_OBJECT) return ok({ spans: [{ start, end: bytes.length }], lines: false });
  if (bytes[start] === OPEN_ARRAY) {
    const spans = yield* splitArray(bytes, start, maxEvents);
    return spans === null
      ? refuse(
          'invalid_json',
          'The list of events is not closed, or something follows it; nothing was accepted.',
        )
      : limited(spans, false, maxEvents);
  }
  const guess = guessFormat(bytes, start);
  const end = guess === '' ? '' : ` ${guess}`;
  if (media === 'json') return refuse('invalid_json', `The body starts with neither "{" nor "[".${end}`);
  const wanted = 'Send JSON that starts with "{" or "[", or NDJSON declared as application/x-ndjson.';
  return refuse('unsupported_media_type', `${wanted}${end}`, 'content-type');
}

function limited(spans: Span[], lines: boolean, maxEvents: number): Result<SplitBody> {
  if (spans.length <= maxEvents) return ok({ spans, lines });
  return refuse('too_many_events', `The request holds more than ${maxEvents} events; nothing was accepted.`);
}

function* splitLines(bytes: Uint8Array, from: number, maxEvents: number): Generator<void, Span[]> {
  const spans: Span[] = [];
  let start = from;
  let pause = from + SLICE;
  while (start < bytes.length && spans.length <= maxEvents) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    if (skipSpace(bytes, start, end) < end) spans.push({ start, end });
    start = end + 1;
    if (start < pause) continue;
    yield;
    pause = start + SLICE;
  }
  return spans;
}

interface ArrayWalk {
  spans: Span[];
  /** Of the element that is not at its end. */
  start: number;
  at: number;
  depth: number;
  inText: boolean;
  state: 'open' | 'closed' | 'broken';
}

/** Null when the array does not end, or something follows it. Stops one event beyond the limit. */
function* splitArray(bytes: Uint8Array, from: number, maxEvents: number): Generator<void, Span[] | null> {
  const first = from + 1;
  const walk: ArrayWalk = { spans: [], start: first, at: first, depth: 0, inText: false, state: 'open' };
  for (;;) {
    walkArray(bytes, walk, Math.min(bytes.length, walk.at + SLICE), maxEvents);
    if (walk.spans.length > maxEvents || walk.state === 'closed') return walk.spans;
    if (walk.state === 'broken' || walk.at >= bytes.length) return null;
    yield;
  }
}

/** Goes on up to `to`, maybe by one escape further. Not a generator itself: its loop is the cost of a body. */
function walkArray(bytes: Uint8Array, walk: ArrayWalk, to: number, maxEvents: number): void {
  const { spans } = walk;
  let { at: i, depth, start } = walk;
  if (walk.inText) {
    i = skipText(bytes, i, to);
    walk.inText = i >= to;
    if (!walk.inText) i++;
  }
  for (; i < to && spans.length <= maxEvents; i++) {
    const c = bytes[i]!;
    if (c === QUOTE) {
      i = skipText(bytes, i + 1, to);
      if (i < to) continue;
      walk.inText = true;
      break;
    } else if (c === OPEN_OBJECT || c === OPEN_ARRAY) depth++;
    else if (c === COMMA && depth === 0) {
      spans.push({ start, end: i });
      start = i + 1;
    } else if (c === CLOSE_OBJECT || c === CLOSE_ARRAY) {
      if (--depth >= 0) continue;
      const empty = spans.length === 0 && skipSpace(bytes, start, i) === i;
      if (!empty) spans.push({ start, end: i });
      const whole = c === CLOSE_ARRAY && skipSpace(bytes, i + 1, bytes.length) === bytes.length;
      walk.state = whole ? 'closed' : 'broken';
      return;
    }
  }
  walk.at = i;
  walk.depth = depth;
  walk.start = start;
}

/** The index of the closing quote, or one from `to` on. */
function skipText(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i;
}
