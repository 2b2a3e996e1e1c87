import type { ErrorCode, Fault } from '../errors.ts';
import { skipValue } from '../event/event-fields.ts';
import { asciiText, skipSpace } from '../event/json-bytes.ts';
import { ASCII } from '../text/ascii.ts';

const { LINE_FEED, COMMA, QUOTE, OPEN_ARRAY, OPEN_OBJECT, CLOSE_OBJECT } = ASCII;

/** First bytes that say what a body is, and what to do about it. */
const MAGIC: readonly (readonly [readonly number[], string])[] = [
  [[0x1f, 0x8b], 'This is gzip: send Content-Encoding: gzip with it.'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'This is zstd: send Content-Encoding: zstd with it.'],
  [[0x78, 0x01], 'This seems to be deflate (zlib); compress with gzip, br or zstd.'],
  [[0x78, 0x9c], 'This seems to be deflate (zlib); compress with gzip, br or zstd.'],
  [[0x78, 0xda], 'This seems to be deflate (zlib); compress with gzip, br or zstd.'],
  [[0x50, 0x4b, 0x03, 0x04], 'This is a ZIP archive; send its contents, or compress with gzip, br or zstd.'],
  [[0xff, 0xfe], 'This is UTF-16; send UTF-8.'],
  [[0xfe, 0xff], 'This is UTF-16; send UTF-8.'],
];

/** What a body that begins with neither "{" nor "[" seems to be, as a sentence; empty where there is no guess. */
export function guessFormat(bytes: Uint8Array, start: number): string {
  for (const [magic, sentence] of MAGIC) {
    if (magic.every((byte, i) => bytes[i] === byte)) return sentence;
  }
  // Every other byte of ASCII is zero in UTF-16.
  if (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0))
    return 'This seems to be UTF-16; send UTF-8.';
  const head = asciiText(bytes, start, Math.min(bytes.length, start + 200));
  if (/^"\s*(?:\\[nrt]\s*)*[{[]/.test(head))
    return 'This is a JSON text that holds JSON: send what is in it, not encoded a second time.';
  if (head.startsWith("'{") || head.startsWith("'["))
    return 'The single quotes around it belong to a shell; send the body without them.';
  if (/^<(?:!doctype|html|\?xml|[a-z]+[\s>])/i.test(head)) return 'This seems to be HTML or XML.';
  if (/^%(?:7b|5b)/i.test(head)) return 'This is URL-encoded; send the JSON as it is.';
  if (/^--[^\r\n]+\r?\ncontent-disposition:/i.test(head))
    return 'This is a form of several parts; send the JSON as the whole body.';
  if (/^[\w.-]+=[^\s{]*(?:&[\w.-]+=[^\s{]*)*$/.test(head)) return 'This is a form; send JSON.';
  return '';
}

/** Bytes in which the first object has to end for a look at what follows. */
const MAX_FIRST = 65_536;

/** What a text that is not one object may be: several, one behind the other; empty where it is not so. */
export function guessLines(bytes: Uint8Array, from: number, to: number, declared: boolean): string {
  if (bytes[from] !== OPEN_OBJECT) return '';
  const end = Math.min(to, from + MAX_FIRST);
  const behind = skipValue(bytes, from, end);
  if (behind >= end || bytes[behind - 1] !== CLOSE_OBJECT) return '';
  const next = skipSpace(bytes, behind, to);
  if (next >= to) return '';
  const comma = bytes[next] === COMMA;
  if (bytes[comma ? skipSpace(bytes, next + 1, to) : next] !== OPEN_OBJECT) return '';
  if (comma) return ' Several objects with commas between them are a list: put them in [ and ].';
  if (bytes.subarray(behind, next).includes(LINE_FEED)) {
    return declared ? '' : ' This seems to be NDJSON: send it with Content-Type: application/x-ndjson.';
  }
  return ' Several objects are on one line. In NDJSON each has its own line; curl keeps line breaks with --data-binary, and drops them with -d @file.';
}

/** The fault of an event with what its text seems to be instead of one event. `declared`: it is a line of NDJSON. */
export const withGuess = (
  fault: Fault,
  bytes: Uint8Array,
  { start, end }: { start: number; end: number },
  declared: boolean,
): Fault => ({ ...fault, message: fault.message + guessForm(fault.code, bytes, { start, end }, declared) });

function guessForm(
  code: ErrorCode,
  bytes: Uint8Array,
  { start, end }: { start: number; end: number },
  declared: boolean,
): string {
  if (code === 'invalid_json' || code === 'event_too_large') return guessLines(bytes, start, end, declared);
  if (code !== 'not_an_object') return '';
  if (declared && bytes[start] === OPEN_ARRAY)
    return ' Each line of NDJSON is one event; send a list with Content-Type: application/json.';
  const inner = bytes[start] === QUOTE ? bytes[start + 1] : 0;
  return inner === OPEN_OBJECT ? ' This is JSON within a text: send the object itself.' : '';
}
