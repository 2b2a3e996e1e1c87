import type { Fault } from '#contracts/errors.ts';
import type { EventError, EventLimits } from '#contracts/event.ts';
import { scanEvent } from '#contracts/event-scan.ts';
import { skipSpace, trimEnd } from '#contracts/json-bytes.ts';
import { judgeTime, type Line, type Receipt } from './judge-time.ts';
import type { Span, SplitBody } from './split-body.ts';

/** An event that may go to the Log: its line, and what chooses its partition (null: any). */
export interface TakenEvent {
  line: Line;
  routeBy: string | null;
}

export interface Taken {
  events: TakenEvent[];
  duplicates: number;
  errors: EventError[];
  /** The fault and text of each refused event, for the `rejected` topic; as many as `errors`. */
  refused: { fault: Fault; text: Uint8Array }[];
}

/** Judges every event of a body by itself: format, time, and whether the request holds it twice. */
export function takeEvents(
  body: Uint8Array,
  { spans, lines }: SplitBody,
  limits: EventLimits,
  receipt: Receipt,
): Taken {
  const taken: Taken = { events: [], duplicates: 0, errors: [], refused: [] };
  const isRepeat = createRepeatCheck();
  // One text for all ids and keys of a batch; a lone event is not worth the call.
  const latin1 = spans.length > 1 ? toLatin1(body) : null;
  for (let index = 0; index < spans.length; index++) {
    const { start, end } = trim(body, spans[index]!);
    const scanned = scanEvent(body, start, end, limits, latin1);
    const line = scanned.ok ? judgeTime(body, start, end, scanned.value, receipt) : scanned;
    if (!scanned.ok || !line.ok) {
      const { fault } = line as { ok: false; fault: Fault };
      const text = body.subarray(start, end);
      taken.errors.push({ index, id: scanned.ok ? scanned.value.id : guessId(text), ...fault });
      taken.refused.push({ fault, text });
      continue;
    }
    const { id, key } = scanned.value;
    if (id !== null && isRepeat(id, key)) taken.duplicates++;
    else taken.events.push({ line: lines ? line.value : toLine(line.value), routeBy: key ?? id });
  }
  return taken;
}

/** Says whether (key, id) came before. Ids that stand with more than one key are rare, so only they cost a text for both. */
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

const LINE_FEED = 0x0a;

/** A block has one event a line, so line breaks of pretty-printed JSON become spaces; strings cannot hold any. */
function toLine(line: Line): Line {
  const own = line.bytes.subarray(line.start, line.end);
  if (!own.includes(LINE_FEED)) return line;
  return { bytes: own.map((c) => (c === LINE_FEED ? 0x20 : c)), start: 0, end: own.length };
}

/** The id of a refused event, where it can be read at all: the sender wants to know which one it was. */
function guessId(text: Uint8Array): string | null {
  try {
    const { id } = JSON.parse(new TextDecoder().decode(text)) ?? {};
    return typeof id === 'string' ? id : null;
  } catch {
    // Not JSON: the index says which one it was.
    return null;
  }
}
