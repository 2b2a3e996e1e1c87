import { cutField, type Fault, shown } from '../errors.ts';
import { ASCII } from '../text/ascii.ts';
import type { EventLimits } from './event.ts';
import { eventFields } from './event-fields.ts';
import { guessField } from './guess-field.ts';
import { readFault, scanEscape, skipSpace, textOf, trimEnd } from './json-bytes.ts';

const {
  QUOTE,
  APOSTROPHE,
  ASTERISK,
  COMMA,
  SLASH,
  COLON,
  OPEN_ARRAY,
  BACKSLASH,
  CLOSE_ARRAY,
  OPEN_OBJECT,
  CLOSE_OBJECT,
} = ASCII;

export const EVENT_FIELDS = ['event', 'id', 'key', 'timestamp', 'properties'] as const;

/** A top-level name that is not known, or comes a second time. `from` is the event's first byte. */
export function explainField(name: string, bytes: Uint8Array, from: number, end: number): Fault {
  if ((EVENT_FIELDS as readonly string[]).includes(name)) {
    return { code: 'duplicate_key', field: name, message: `${name}: the event names this field twice.` };
  }
  const all = [...eventFields(bytes, from, end)];
  const isList = all.some((field) => field.name === name && bytes[field.value] === OPEN_ARRAY);
  const guess = guessField(name, { fields: EVENT_FIELDS, present: all.map((field) => field.name), isList });
  const what = `${shown(name)} is not a field of an event (${EVENT_FIELDS.join(', ')})`;
  const advice =
    guess === ''
      ? `; put ${shown(name)} under properties.`
      : `.${guess} Values of your own go under properties.`;
  return { code: 'unknown_field', field: cutField(name), message: what + advice };
}

/** A fault of the grammar or of a limit, with its place counted in bytes from the event's first. */
export function explainFault(
  bytes: Uint8Array,
  from: number,
  end: number,
  fault: number,
  limits: EventLimits,
): Fault {
  const { kind, at } = readFault(fault);
  const place = `At byte ${at - from}`;
  switch (kind) {
    case 'syntax':
      return { code: 'invalid_json', message: `${place}: ${explainSyntax(bytes, { from, at, end })}` };
    case 'utf8':
      return { code: 'invalid_utf8', message: `${place}: the bytes ${hex(bytes, at, end)} are not UTF-8.` };
    case 'surrogate':
      return {
        code: 'lone_surrogate',
        message: `${place}: ${asciiAt(bytes, at, end, 6)} is half of a surrogate pair.`,
      };
    case 'depth':
      return { code: 'too_deep', message: `${place}: nested more than ${limits.depth} levels deep.` };
    case 'number':
      return {
        code: 'out_of_range',
        message: `${place}: the number ${asciiAt(bytes, at, end, 40)} is beyond what a double can hold.`,
      };
    case 'properties':
      return {
        code: 'too_many_properties',
        field: 'properties',
        message: `properties: more than ${limits.properties} properties, nested ones counted.`,
      };
    case 'name':
      return {
        code: 'name_too_long',
        field: 'properties',
        message: `${place}: a property name has more than ${limits.nameLength} characters.`,
      };
  }
}

interface Place {
  from: number;
  at: number;
  end: number;
}

function explainSyntax(bytes: Uint8Array, { from, at, end }: Place): string {
  if (at >= end) return 'the JSON text ends too early.';
  const c = bytes[at]!;
  if (c === 0) return 'a zero byte, as in UTF-16; send UTF-8.';
  if (c < 0x20)
    return `a control character (0x${c.toString(16).padStart(2, '0')}) must be escaped or is out of place.`;
  if (c >= 0x7f) return `unexpected byte 0x${c.toString(16)}.`;
  return `unexpected ${asciiAt(bytes, at, end, 12)}.${guessSyntax(bytes, { from, at, end })}`;
}

/** Words that other languages write and JSON does not have. */
const FOREIGN = ['NaN', 'Infinity', '-Infinity', 'undefined', 'None', 'True', 'False', 'nil', 'NULL'];

/** Names the other notation that the text seems to use; empty if unknown. */
function guessSyntax(bytes: Uint8Array, { from, at, end }: Place): string {
  const c = bytes[at]!;
  const before = lastByte(bytes, from, at);
  if (c === APOSTROPHE) return ' JSON has double quotes only.';
  if (c === SLASH && (bytes[at + 1] === SLASH || bytes[at + 1] === ASTERISK)) return ' JSON has no comments.';
  if ((c === CLOSE_OBJECT || c === CLOSE_ARRAY) && before === COMMA)
    return ' JSON has no comma behind the last value.';
  const word = /^-?[A-Za-z_$]+/.exec(asciiAt(bytes, at, end, 40))?.[0] ?? '';
  if (FOREIGN.includes(word)) return ` JSON has no ${word}.`;
  const isName = word !== '' && bytes[skipSpace(bytes, at + word.length, end)] === COLON;
  return isName && (before === OPEN_OBJECT || before === COMMA)
    ? ' In JSON names stand in double quotes.'
    : '';
}

/** The byte before, white space left out; 0 where there is none. */
function lastByte(bytes: Uint8Array, from: number, at: number): number {
  const to = trimEnd(bytes, from, at);
  return to > from ? bytes[to - 1]! : 0;
}

/** What was found, for a message: the value in short. The span holds valid JSON. */
export function explainType(bytes: Uint8Array, from: number, end: number): string {
  const first = bytes[from];
  if (first === OPEN_OBJECT) return 'an object';
  if (first === OPEN_ARRAY) return 'an array';
  if (first === QUOTE)
    return `the text ${shown(textOf(bytes, from + 1, cutString(bytes, from + 1, end - 1)))}`;
  return asciiAt(bytes, from, end, 40);
}

/** The end of what a message shows of a string at most: between characters, escaped ones included. */
function cutString(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end && i < from + 400) i = bytes[i] === BACKSLASH ? scanEscape(bytes, i, end) : i + 1;
  while (i < end && (bytes[i]! & 0xc0) === 0x80) i++;
  return i;
}

function asciiAt(bytes: Uint8Array, at: number, end: number, length: number): string {
  let text = '';
  for (let i = at; i < end && i < at + length; i++) {
    const c = bytes[i]!;
    if (c < 0x20 || c >= 0x7f) break;
    text += String.fromCharCode(c);
  }
  return text;
}

const hex = (bytes: Uint8Array, at: number, end: number): string =>
  Array.from(bytes.subarray(at, Math.min(end, at + 4)), (b) => b.toString(16).padStart(2, '0')).join(' ');
