import { type Fault, ok, type Result, shown } from '../errors.ts';
import { ASCII } from '../text/ascii.ts';
import type { EventLimits } from './event.ts';
import { EVENT_FIELDS, explainFault, explainField, explainType } from './event-refusal.ts';
import { clearHashes, createHashSet, type HashSet } from './hash-set.ts';
import { faultAt, scanNumber, scanString, skipSpace, textOf, trimEnd } from './json-bytes.ts';
import { countCharacters, type JsonScan, ROOT, scanColon, scanObject, scanValue } from './json-scan.ts';
import { findRepeatedName } from './repeated-name.ts';
import { parseTimestamp } from './timestamp.ts';
import { scanIsoTimestamp } from './timestamp-bytes.ts';

const { QUOTE, COMMA, MINUS, ZERO, NINE, OPEN_OBJECT, CLOSE_OBJECT } = ASCII;

/** What ingest and the decoder need of an event; the rest stays in the bytes, which are known to be right. */
export interface ScannedEvent {
  event: string;
  id: string | null;
  key: string | null;
  /** Epoch ms; null when the event has none. */
  timestamp: number | null;
  /** Where the timestamp's JSON value lies in the bytes, for rewriting it; both 0 when there is none. */
  timestampStart: number;
  timestampEnd: number;
}

/**
 * Reads one event in bytes [start, end) strictly: JSON grammar, UTF-8 and the rules of docs/PROTOCOL.md, in one walk
 * that builds no values. What it accepts `JSON.parse` accepts and reads alike. Space around the event is allowed and
 * not counted; a property counts at every depth, in arrays too. `latin1`: see `textOf`; it changes no result.
 */
export function scanEvent(
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: EventLimits,
  latin1: string | null = null,
): Result<ScannedEvent> {
  const from = skipSpace(bytes, start, end);
  const to = trimEnd(bytes, from, end);
  if (to - from > limits.eventBytes) {
    const message = `The event has ${to - from} bytes; at most ${limits.eventBytes} are allowed.`;
    return refused({ code: 'event_too_large', message });
  }
  const scan = beginScan(bytes, to, limits, latin1);
  if (from === to || bytes[from] !== OPEN_OBJECT) return refused(refuseOther(scan, from, limits));
  const found: ScannedEvent = {
    event: '',
    id: null,
    key: null,
    timestamp: null,
    timestampStart: 0,
    timestampEnd: 0,
  };
  const after = scanFields(scan, from, found, limits);
  if (typeof after === 'object') return refused(after);
  const last = after >= 0 && after !== to ? faultAt('syntax', after) : after;
  if (last < 0) return refused(explainFault(bytes, from, to, last, limits));
  const repeated = scan.suspicious ? findRepeatedName(bytes, from, to) : null;
  if (repeated !== null) return refused(repeated);
  if (found.event === '') {
    return refused({
      code: 'missing_field',
      field: 'event',
      message: 'event: every event needs its name in "event".',
    });
  }
  return ok(found);
}

/**
 * Returns the first fault of grammar, nesting, or number and length of names in an event whose fields are already
 * checked; null if there is none.
 */
export function findShapeFault(
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: EventLimits,
): Fault | null {
  const from = skipSpace(bytes, start, end);
  const to = trimEnd(bytes, from, end);
  const scan = beginScan(bytes, to, limits, null);
  if (from === to || bytes[from] !== OPEN_OBJECT) return refuseOther(scan, from, limits);
  const after = scanObject(scan, from, 0, ROOT);
  const last = after >= 0 && after !== to ? faultAt('syntax', after) : after;
  return last < 0 ? explainFault(bytes, from, to, last, limits) : null;
}

const beginScan = (bytes: Uint8Array, end: number, limits: EventLimits, latin1: string | null): JsonScan => ({
  bytes,
  latin1,
  end,
  maxDepth: limits.depth,
  maxProperties: limits.properties,
  maxName: limits.nameLength,
  properties: 0,
  paths: emptyPaths(limits.properties),
  suspicious: false,
  path: ROOT,
});

const TIMESTAMP = 3;
const PROPERTIES = 4;

const refused = (fault: Fault): Result<never> => ({ ok: false, fault });

// One set serves every call: a walk is synchronous and empties it first.
let paths: HashSet | null = null;

function emptyPaths(properties: number): HashSet {
  if (paths === null || paths.values.length < properties * 2) paths = createHashSet(properties);
  clearHashes(paths);
  return paths;
}

/** Something that is no object: valid JSON of another kind, or no JSON. */
function refuseOther(scan: JsonScan, from: number, limits: EventLimits): Fault {
  const { bytes, end } = scan;
  const after = scanValue(scan, from, 1, ROOT);
  const last = after >= 0 && after !== end ? faultAt('syntax', after) : after;
  if (last < 0) return explainFault(bytes, from, end, last, limits);
  return {
    code: 'not_an_object',
    message: `An event is a JSON object such as {"event":"signup"}, got ${explainType(bytes, from, end)}.`,
  };
}

/** The event's own fields: the index after the closing brace, a fault of the grammar, or one of the event's rules. */
function scanFields(scan: JsonScan, from: number, found: ScannedEvent, limits: EventLimits): number | Fault {
  const { bytes, end } = scan;
  let seen = 0;
  let i = skipSpace(bytes, from + 1, end);
  if (i < end && bytes[i] === CLOSE_OBJECT) return i + 1;
  for (;;) {
    if (i >= end || bytes[i] !== QUOTE) return faultAt('syntax', i);
    const name = i + 1;
    i = scanString(bytes, name, end);
    if (i < 0) return i;
    const field = fieldAt(bytes, name, i - 1);
    if (field < 0 || (seen & (1 << field)) !== 0)
      return explainField(textOf(bytes, name, i - 1), bytes, from, end);
    seen |= 1 << field;
    i = scanColon(bytes, i, end);
    if (i < 0) return i;
    const after = scanField(scan, i, field, found, limits);
    if (typeof after === 'object' || after < 0) return after;
    if (field === TIMESTAMP) {
      found.timestampStart = i;
      found.timestampEnd = after;
    }
    i = skipSpace(bytes, after, end);
    const c = i < end ? bytes[i] : 0;
    if (c === CLOSE_OBJECT) return i + 1;
    if (c !== COMMA) return faultAt('syntax', i);
    i = skipSpace(bytes, i + 1, end);
  }
}

/** The number of a field in EVENT_FIELDS, or -1. No two of them share a length. */
function fieldAt(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  const field =
    length === 5 ? 0 : length === 2 ? 1 : length === 3 ? 2 : length === 9 ? 3 : length === 10 ? 4 : -1;
  if (field >= 0 && isName(FIELD_BYTES[field]!, bytes, from)) return field;
  // A name may be written with escapes; that is rare, so it may be slow.
  return (EVENT_FIELDS as readonly string[]).indexOf(textOf(bytes, from, to));
}

const FIELD_BYTES = EVENT_FIELDS.map((name) => Uint8Array.from(name, (c) => c.charCodeAt(0)));

function isName(name: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[from + i] !== name[i]) return false;
  return true;
}

function scanField(
  scan: JsonScan,
  from: number,
  field: number,
  found: ScannedEvent,
  limits: EventLimits,
): number | Fault {
  const { bytes, end } = scan;
  const c = from < end ? bytes[from]! : 0;
  if (field === PROPERTIES)
    return c === OPEN_OBJECT ? scanObject(scan, from, 1, ROOT) : refuseType(scan, from, field, limits);
  if (field === TIMESTAMP && (c === MINUS || (c >= ZERO && c <= NINE))) {
    const after = scanNumber(bytes, from, end);
    return after < 0 ? after : (takeTimestamp(Number(textOf(bytes, from, after)), found) ?? after);
  }
  if (c !== QUOTE) return refuseType(scan, from, field, limits);
  const after = scanString(bytes, from + 1, end);
  if (after < 0) return after;
  if (field === TIMESTAMP) {
    found.timestamp = scanIsoTimestamp(bytes, from + 1, after - 1);
    if (found.timestamp !== null) return after;
    return takeTimestamp(textOf(bytes, from + 1, after - 1), found) ?? after;
  }
  const text = textOf(bytes, from + 1, after - 1, scan.latin1);
  if (text === '' || (text.length > limits.nameLength && countCharacters(text) > limits.nameLength)) {
    const name = EVENT_FIELDS[field]!;
    const message = `${name}: expected 1 to ${limits.nameLength} characters, got ${countCharacters(text)}.`;
    return { code: text === '' ? 'out_of_range' : 'name_too_long', field: name, message };
  }
  if (field === 0) found.event = text;
  else if (field === 1) found.id = text;
  else found.key = text;
  return after;
}

function takeTimestamp(value: string | number, found: ScannedEvent): Fault | null {
  found.timestamp = parseTimestamp(value);
  if (found.timestamp !== null) return null;
  return {
    code: 'invalid_timestamp',
    field: 'timestamp',
    message: `timestamp: expected ISO 8601 with a zone or an epoch number between 1970 and 2200, got ${shown(value)}.`,
  };
}

/** The value is of the wrong type, unless it is not even JSON. */
function refuseType(scan: JsonScan, from: number, field: number, limits: EventLimits): number | Fault {
  const after = scanValue(scan, from, 1, ROOT);
  if (after < 0) return after;
  const name = EVENT_FIELDS[field]!;
  const wanted =
    field === PROPERTIES
      ? 'an object'
      : field === TIMESTAMP
        ? 'ISO 8601 text or an epoch number'
        : `text of 1 to ${limits.nameLength} characters`;
  const hint = field === 0 ? '' : ' Leave the field out when there is none.';
  return {
    code: 'wrong_type',
    field: name,
    message: `${name}: expected ${wanted}, got ${explainType(scan.bytes, from, after)}.${hint}`,
  };
}
