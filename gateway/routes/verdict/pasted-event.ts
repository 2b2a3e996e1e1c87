import { withGuess } from '#contracts/body/guess-format.ts';
import { normalizeTime } from '#contracts/body/normalize-time.ts';
import { readMediaType } from '#contracts/body/read-media-type.ts';
import { splitBody } from '#contracts/body/split-body.ts';
import { ok, type Result } from '#contracts/errors.ts';
import type { EventLimits } from '#contracts/event/event.ts';
import { scanEvent } from '#contracts/event/event-scan.ts';
import { skipSpace, trimEnd } from '#contracts/event/json-bytes.ts';
import type { FilteredEvent } from '#contracts/filter/compile-filter.ts';
import { isRecord } from '#contracts/is-record.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';

/** What ingest judges an event by. */
export interface PastedRules {
  limits: EventLimits;
  /** How far ahead of its receipt a timestamp may be, ms. */
  skew: number;
  /** When it would be received, epoch ms. */
  received: number;
}

/** Reads a body of one event as ingest reads it, with its refusals. */
export async function readPasted(
  body: Uint8Array,
  contentType: string | undefined,
  { limits, skew, received }: PastedRules,
): Promise<Result<FilteredEvent>> {
  const split = await runInTurns(splitBody(body, readMediaType(contentType), 1));
  if (!split.ok) return split;
  const { spans, lines } = split.value;
  const span = spans[0] ?? { start: 0, end: 0 };
  const start = skipSpace(body, span.start, span.end);
  const end = trimEnd(body, start, span.end);
  const scanned = scanEvent(body, start, end, limits);
  const line = scanned.ok
    ? normalizeTime(body, start, end, scanned.value, { received, sentAt: null, skew })
    : scanned;
  if (!line.ok) return { ok: false, fault: withGuess(line.fault, body, { start, end }, lines) };
  // What was scanned is an object of valid JSON.
  const raw: unknown = JSON.parse(new TextDecoder().decode(body.subarray(start, end)));
  const properties = isRecord(raw) && isRecord(raw.properties) ? raw.properties : {};
  const { event, id, key, timestamp } = scanned.ok ? scanned.value : NOTHING;
  return ok({ event, id, key, ts: timestamp ?? received, properties });
}

const NOTHING = { event: '', id: null, key: null, timestamp: null };
