import { type Fault, refuse, shown } from '#contracts/errors.ts';
import { DEFAULT_LIMITS, FUTURE_SKEW, WIDEST_LIMITS, WIDEST_SKEW } from '#contracts/event/event.ts';
import { findShapeFault, scanEvent } from '#contracts/event/event-scan.ts';
import { skipSpace } from '#contracts/event/json-bytes.ts';
import { parseTimestamp } from '#contracts/event/timestamp.ts';
import { isRecord } from '#contracts/is-record.ts';
import { readPath } from '#contracts/metric/dimension.ts';
import { readEnvelope } from '#contracts/metric/envelope.ts';
import { ASCII } from '#contracts/text/ascii.ts';
import type { BlockBody, DecodedBlock, DecodedEvent, Wanted } from './decoded-block.ts';
import { createKnownLines, type KnownLines, readKnownLine } from './known-lines.ts';
import type { LineShapes } from './line-shapes.ts';

const { LINE_FEED } = ASCII;

/*
 * A block is held in up to three forms, each for what it is quickest at:
 *
 *   value  bytes, as stored      a line's borders; a refused line's text; the strict reading of a line beyond ASCII
 *   ascii  value as a text,      slices of it are the lines that JSON.parse gets;
 *          or null               null where a byte is beyond ASCII, so that a text's indexes are not those of the bytes
 *   units  one unit a byte       texts are cut from it at places that the layouts of earlier lines found in the bytes;
 *          (ascii, or latin1)    empty where no line is read that way (`quick` is false)
 */

const BODY_CUT = 1_024;

/** Lines and bytes between two steps, at which other work may run. */
const LINES_A_STEP = 250;
const BYTES_A_STEP = 32_768;

/** The block's text if every byte is ASCII, so that indexes in both agree; otherwise null, and each line is decoded alone. */
function readText(value: Uint8Array): string | null {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(value);
  return text.length === value.length && !text.includes('\ufffd') ? text : null;
}

/** A block on its way through the decoder. */
interface Decoding {
  readonly block: BlockBody;
  readonly wanted: Wanted;
  readonly known: KnownLines;
  /** Whether lines may be read by the layouts of earlier ones. */
  readonly quick: boolean;
  readonly ascii: string | null;
  /** The bytes as a text of one unit each. */
  readonly units: string;
  readonly out: DecodedBlock;
  /** First byte of the next line. */
  at: number;
  index: number;
}

/**
 * Reads a block. A line that cannot be read is refused with its reason; its neighbours are read. Lines of foreign
 * records are checked by the rules of ingest and judged by the record's time; those of ingest were, and by its
 * settings, so only what no setting allows is refused. The result depends on nothing but block and wanted paths
 * (rule 0): `known` makes it faster where one is kept between blocks. It yields where other work may run,
 * but not another block with the same `known`.
 */
export function* decodeInSteps(
  block: BlockBody,
  wanted: Wanted,
  known: KnownLines = createKnownLines(),
): Generator<undefined, DecodedBlock, unknown> {
  const { value } = block;
  const ascii = readText(value);
  // Foreign lines are checked one by one.
  const quick = !block.foreign && known.shapes.begin(value, wanted.paths);
  const units = ascii ?? (quick ? new TextDecoder('latin1').decode(value) : '');
  const out: DecodedBlock = { events: [], rejected: [] };
  const decoding: Decoding = { block, wanted, known, quick, ascii, units, out, at: 0, index: 0 };
  while (decoding.at < value.length) {
    decodeStep(decoding);
    yield undefined;
  }
  return out;
}

/** `decodeInSteps` in one. */
export function decode(block: BlockBody, wanted: Wanted, known?: KnownLines): DecodedBlock {
  const steps = decodeInSteps(block, wanted, known);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

function decodeStep(decoding: Decoding): void {
  const { block, wanted, known, quick, ascii, units, out } = decoding;
  const { value } = block;
  const until = Math.min(value.length, decoding.at + BYTES_A_STEP);
  for (let i = 0; i < LINES_A_STEP && decoding.at < until; i++) {
    const start = decoding.at;
    const newline = value.indexOf(LINE_FEED, start);
    const end = newline < 0 ? value.length : newline;
    decoding.at = end + 1;
    if (isBlank(value, start, end)) continue;
    const index = decoding.index++;
    const line = ascii === null ? null : ascii.slice(start, end);
    const read =
      (quick ? readKnownLine(known, block, units, start, end, index) : null) ??
      decodeLine(block, start, end, line, index, wanted, quick ? known.shapes : null);
    if ('fault' in read)
      out.rejected.push({ index, fault: read.fault, body: cutBody(value.subarray(start, end)) });
    else out.events.push(withEnvelope(read, wanted));
  }
}

/** Puts fields of the envelope in the place of properties that would have their names. */
function withEnvelope(event: DecodedEvent, { envelope }: Wanted): DecodedEvent {
  for (const { place, field } of envelope) event.values[place] = readEnvelope(event, field);
  return event;
}

const strict = (): TextDecoder => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
let lenient: TextDecoder | null = null;

export function cutBody(bytes: Uint8Array): string {
  lenient ??= new TextDecoder();
  return lenient.decode(bytes.subarray(0, BODY_CUT));
}

function decodeLine(
  block: BlockBody,
  start: number,
  end: number,
  line: string | null,
  index: number,
  wanted: Wanted,
  shapes: LineShapes | null,
): DecodedEvent | { fault: Fault } {
  const fault = findFault(block, start, end);
  if (fault !== null) return { fault };
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

function findFault({ value, foreign }: BlockBody, start: number, end: number): Fault | null {
  // What nests too deeply would overflow the stack when it is written as text.
  if (!foreign) return findShapeFault(value, start, end, WIDEST_LIMITS);
  const scanned = scanEvent(value, start, end, DEFAULT_LIMITS);
  return scanned.ok ? null : scanned.fault;
}

function readEvent(
  raw: unknown,
  block: BlockBody,
  index: number,
  wanted: Wanted,
): DecodedEvent | { fault: Fault } {
  if (!isRecord(raw)) return refuse('not_an_object', `An event must be a JSON object, got ${shown(raw)}.`);
  const { event, id = null, key = null, timestamp = null, properties } = raw;
  if (typeof event !== 'string' || event === '') return wrong('event', 'its name', event);
  if (id !== null && typeof id !== 'string') return wrong('id', 'text', id);
  if (key !== null && typeof key !== 'string') return wrong('key', 'text', key);
  const ts = timestamp === null ? block.received : parseTimestamp(timestamp);
  if (ts === null)
    return refuse('invalid_timestamp', `timestamp: cannot read ${shown(timestamp)}.`, 'timestamp');
  const skew = block.foreign ? FUTURE_SKEW : WIDEST_SKEW;
  if (ts > block.received + skew) {
    const ahead = ts - block.received;
    const message = `timestamp: ${ahead} ms ahead of the record's time; at most ${skew} are allowed.`;
    return refuse('timestamp_in_future', message, 'timestamp');
  }
  const held = properties ?? {};
  if (!isRecord(held)) return wrong('properties', 'an object', held);
  const values = wanted.paths.map((path) => readPath(held, path));
  return { index, event, id, key, ts, properties: JSON.stringify(held), values };
}

const wrong = (field: string, allowed: string, found: unknown): { fault: Fault } =>
  refuse('wrong_type', `${field}: expected ${allowed}, got ${shown(found)}.`, field);

const isBlank = (bytes: Uint8Array, start: number, end: number): boolean =>
  skipSpace(bytes, start, end) === end;
