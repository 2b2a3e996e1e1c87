import { withGuess } from '#contracts/body/guess-format.ts';
import { type Line, normalizeTime, type Receipt, timeOf } from '#contracts/body/normalize-time.ts';
import type { Span, SplitBody } from '#contracts/body/split-body.ts';
import type { ErrorCode, Fault } from '#contracts/errors.ts';
import type { EventError, EventLimits } from '#contracts/event/event.ts';
import { findId } from '#contracts/event/event-fields.ts';
import { scanEvent } from '#contracts/event/event-scan.ts';
import { skipSpace, trimEnd } from '#contracts/event/json-bytes.ts';
import { ASCII } from '#contracts/text/ascii.ts';

const { LINE_FEED, SPACE } = ASCII;

/** An event that may go to the Log. */
export interface CheckedEvent {
  line: Line;
  /** What chooses its partition; null: any. */
  routeBy: string | null;
  /** Its name. */
  event: string;
  /** Its time, epoch ms; null where it is that of the receipt. */
  ts: number | null;
  /** Whether it has an id, so that a repeat of it is told. */
  hasId: boolean;
}

export interface CheckedBody {
  events: CheckedEvent[];
  duplicates: number;
  rejected: number;
  /** Of the first refused events, up to the number that an answer lists. */
  errors: EventError[];
  /** How many events were refused with each code. */
  refusedCodes: Map<ErrorCode, number>;
  /** Fault and text of the first of them, for the `rejected` topic. */
  refused: { fault: Fault; text: Uint8Array }[];
  /** Bytes of all refused events, and of what the answer says of them: what refusing cost. */
  refusedBytes: number;
}

/** What one answer says of refused events, and one request writes to the `rejected` topic, at most. */
const MAX_ERRORS = 1_000;
const MAX_ERROR_BYTES = 500_000;
const MAX_REPORTED = 100;
/** Bytes of events between two steps, at which other work may run, and what an event costs beside its bytes. */
const SLICE = 131_072;
const PER_EVENT = 64;

/**
 * Judges every event of a body by itself: format, time, and whether the request holds it twice. Yields between slices of
 * a long body.
 */
export function* checkEvents(
  body: Uint8Array,
  { spans, lines }: SplitBody,
  limits: EventLimits,
  receipt: Receipt,
): Generator<void, CheckedBody> {
  const checked: CheckedBody = {
    events: [],
    duplicates: 0,
    rejected: 0,
    errors: [],
    refusedCodes: new Map(),
    refused: [],
    refusedBytes: 0,
  };
  const isRepeat = createRepeatCheck();
  // One text for all ids and keys of a batch; a lone event is not worth the call.
  const latin1 = spans.length > 1 ? toLatin1(body) : null;
  let errorBytes = 0;
  let done = 0;
  for (let index = 0; index < spans.length; index++) {
    if (done >= SLICE) {
      yield;
      done = 0;
    }
    const { start, end } = trim(body, spans[index]!);
    done += Math.min(end - start, limits.eventBytes) + PER_EVENT;
    const scanned = scanEvent(body, start, end, limits, latin1);
    const line = scanned.ok ? normalizeTime(body, start, end, scanned.value, receipt) : scanned;
    if (!scanned.ok || !line.ok) {
      const told = (line as { ok: false; fault: Fault }).fault;
      const fault = withGuess(told, body, { start, end }, lines);
      checked.rejected++;
      checked.refusedCodes.set(fault.code, (checked.refusedCodes.get(fault.code) ?? 0) + 1);
      checked.refusedBytes += end - start;
      if (checked.refused.length < MAX_REPORTED)
        checked.refused.push({ fault, text: body.subarray(start, end) });
      if (checked.errors.length === MAX_ERRORS || errorBytes >= MAX_ERROR_BYTES) continue;
      const id = scanned.ok ? scanned.value.id : findId(body, start, end, limits.nameLength);
      const error = { index, id, ...fault };
      const bytes = Buffer.byteLength(JSON.stringify(error));
      errorBytes += bytes;
      checked.refusedBytes += bytes;
      checked.errors.push(error);
      continue;
    }
    const { id, key, event, timestamp } = scanned.value;
    if (id !== null && isRepeat(id, key)) {
      checked.duplicates++;
      continue;
    }
    checked.events.push({
      line: lines ? line.value : toLine(line.value),
      routeBy: key ?? id,
      event,
      ts: timestamp === null ? null : timeOf(timestamp, receipt),
      hasId: id !== null,
    });
  }
  return checked;
}

/** Says whether (key, id) came before. Ids with more than one key are rare, so only they cost a text for both. */
function createRepeatCheck(): (id: string, key: string | null) => boolean {
  const firstKey = new Map<string, string | null>();
  const others = new Set<string>();
  return (id, key) => {
    const first = firstKey.get(id);
    if (first === undefined) {
      firstKey.set(id, key);
      return false;
    }
    if (first === key) return true;
    const identity = key === null ? `-${id}` : `${key.length}:${key}${id}`;
    const known = others.has(identity);
    others.add(identity);
    return known;
  };
}

const toLatin1 = (body: Uint8Array): string =>
  Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1');

function trim(body: Uint8Array, span: Span): Span {
  const start = skipSpace(body, span.start, span.end);
  return { start, end: trimEnd(body, start, span.end) };
}

/** A block has one event a line, so line breaks of pretty-printed JSON become spaces; strings cannot hold any. */
function toLine(line: Line): Line {
  const own = line.bytes.subarray(line.start, line.end);
  let feed = own.indexOf(LINE_FEED);
  if (feed < 0) return line;
  const bytes = own.slice();
  for (; feed >= 0; feed = bytes.indexOf(LINE_FEED, feed + 1)) bytes[feed] = SPACE;
  return { bytes, start: 0, end: bytes.length };
}
