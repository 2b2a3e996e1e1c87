import type { Fault } from '#contracts/errors.ts';
import type { EventError, EventLimits } from '#contracts/event.ts';
import { type ScannedEvent, scanEvent } from '#contracts/event-scan.ts';
import { skipSpace } from '#contracts/json-bytes.ts';
import { judgeTime, type Receipt } from './judge-time.ts';
import type { Span } from './split-body.ts';

/** An event that may go to the Log: its line, and what chooses its partition (null: any). */
export interface TakenEvent {
  line: Uint8Array;
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
  spans: readonly Span[],
  limits: EventLimits,
  receipt: Receipt,
): Taken {
  const taken: Taken = { events: [], duplicates: 0, errors: [], refused: [] };
  const ids = new Set<string>();
  for (let index = 0; index < spans.length; index++) {
    const { start, end } = trim(body, spans[index]!);
    const scanned = scanEvent(body, start, end, limits);
    const line = scanned.ok ? judgeTime(body, start, end, scanned.value, receipt) : scanned;
    if (!scanned.ok || !line.ok) {
      const { fault } = line as { ok: false; fault: Fault };
      const text = body.subarray(start, end);
      taken.errors.push({ index, id: scanned.ok ? scanned.value.id : guessId(text), ...fault });
      taken.refused.push({ fault, text });
      continue;
    }
    const { id, key } = scanned.value;
    if (id !== null) {
      const identity = identityOf(scanned.value);
      if (ids.has(identity)) {
        taken.duplicates++;
        continue;
      }
      ids.add(identity);
    }
    taken.events.push({ line: toLine(line.value), routeBy: key ?? id });
  }
  return taken;
}

/** (key, id) as one text that no other pair gives. */
const identityOf = ({ id, key }: ScannedEvent): string =>
  key === null ? `-${id}` : `${key.length}:${key}${id}`;

function trim(body: Uint8Array, span: Span): Span {
  const start = skipSpace(body, span.start, span.end);
  let end = span.end;
  while (end > start && body[end - 1]! <= 0x20) end--;
  return { start, end };
}

const LINE_FEED = 0x0a;

/** A block has one event a line, so line breaks of pretty-printed JSON become spaces; strings cannot hold any. */
function toLine(event: Uint8Array): Uint8Array {
  if (!event.includes(LINE_FEED)) return event;
  return event.map((c) => (c === LINE_FEED ? 0x20 : c));
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
