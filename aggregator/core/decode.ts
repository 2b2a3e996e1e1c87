import { readPath } from '#contracts/dimension.ts';
import { type Fault, refuse, shown } from '#contracts/errors.ts';
import { DEFAULT_LIMITS, FUTURE_SKEW } from '#contracts/event.ts';
import { scanEvent } from '#contracts/event-scan.ts';
import { skipSpace } from '#contracts/json-bytes.ts';
import { parseTimestamp } from '#contracts/timestamp.ts';
import type { BlockBody, DecodedBlock, DecodedEvent, Wanted } from './decoded-block.ts';
import { createKnownLines, type KnownLines, readKnownLine } from './known-lines.ts';
import type { LineShapes } from './line-shapes.ts';

const NEWLINE = 0x0a;
const BODY_CUT = 1_024;

/** The block's text when every byte is ASCII, so that places in both agree; else null: its lines are read one by one. */
function readText(value: Uint8Array): string | null {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(value);
  return text.length === value.length && !text.includes('\ufffd') ? text : null;
}

const strict = (): TextDecoder => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = (): TextDecoder => new TextDecoder();

/**
 * Reads a block. A line that cannot be read is refused with its reason; its neighbours go on. Lines of foreign
 * records are checked by the rules of ingest and judged by the record's time; those of ingest were, and by its
 * settings, so only their shape is. The result depends on nothing but block and wanted paths (rule 0): `known` makes
 * it faster where one is kept between blocks.
 */
export function decode(
  block: BlockBody,
  wanted: Wanted,
  known: KnownLines = createKnownLines(),
): DecodedBlock {
  const out: DecodedBlock = { events: [], rejected: [] };
  const { value } = block;
  const ascii = readText(value);
  const { shapes } = known;
  // Foreign lines are checked one by one.
  const quick = !block.foreign && shapes.begin(value, wanted.paths);
  const units = ascii ?? (quick ? new TextDecoder('latin1').decode(value) : '');
  let index = 0;
  for (let start = 0; start < value.length; ) {
    const newline = value.indexOf(NEWLINE, start);
    const end = newline < 0 ? value.length : newline;
    if (!isBlank(value, start, end)) {
      const line = ascii === null ? null : ascii.slice(start, end);
      const read =
        (quick ? readKnownLine(known, block, units, start, end, index) : null) ??
        decodeLine(block, start, end, line, index, wanted, quick ? shapes : null);
      if ('fault' in read)
        out.rejected.push({ index, fault: read.fault, body: cutBody(value.subarray(start, end)) });
      else out.events.push(read);
      index++;
    }
    start = end + 1;
  }
  return out;
}

export const cutBody = (bytes: Uint8Array): string => lenient().decode(bytes.subarray(0, BODY_CUT));

function decodeLine(
  block: BlockBody,
  start: number,
  end: number,
  line: string | null,
  index: number,
  wanted: Wanted,
  shapes: LineShapes | null,
): DecodedEvent | { fault: Fault } {
  const scanned = block.foreign ? scanEvent(block.value, start, end, DEFAULT_LIMITS) : null;
  if (scanned !== null && !scanned.ok) return { fault: scanned.fault };
  let text: string;
  let raw: unknown;
  try {
    text = line ?? strict().decode(block.value.subarray(start, end));
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', 'The line is not valid JSON in UTF-8.');
  }
  const read = readEvent(raw, block, index, wanted);
  if (!('fault' in read)) shapes?.learn(text, raw as Record<string, unknown>);
  return read;
}

function readEvent(
  raw: unknown,
  block: BlockBody,
  index: number,
  wanted: Wanted,
): DecodedEvent | { fault: Fault } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return refuse('not_an_object', `An event must be a JSON object, got ${shown(raw)}.`);
  const { event, id = null, key = null, timestamp = null, properties } = raw as Record<string, unknown>;
  if (typeof event !== 'string' || event === '') return wrong('event', 'its name', event);
  if (id !== null && typeof id !== 'string') return wrong('id', 'text', id);
  if (key !== null && typeof key !== 'string') return wrong('key', 'text', key);
  const ts = timestamp === null ? block.received : parseTimestamp(timestamp);
  if (ts === null)
    return refuse('invalid_timestamp', `timestamp: cannot read ${shown(timestamp)}.`, 'timestamp');
  if (block.foreign && ts > block.received + FUTURE_SKEW) {
    const ahead = ts - block.received;
    const message = `timestamp: ${ahead} ms ahead of the record's time; at most ${FUTURE_SKEW} are allowed.`;
    return refuse('timestamp_in_future', message, 'timestamp');
  }
  const held = properties ?? {};
  if (typeof held !== 'object' || Array.isArray(held)) return wrong('properties', 'an object', held);
  const record = held as Record<string, unknown>;
  const values = wanted.paths.map((path) => readPath(record, path));
  return { index, event, id, key, ts, properties: JSON.stringify(held), values };
}

const wrong = (field: string, allowed: string, found: unknown): { fault: Fault } =>
  refuse('wrong_type', `${field}: expected ${allowed}, got ${shown(found)}.`, field);

const isBlank = (bytes: Uint8Array, start: number, end: number): boolean =>
  skipSpace(bytes, start, end) === end;
