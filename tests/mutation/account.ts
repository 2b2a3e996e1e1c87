import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { isRecord } from '#contracts/is-record.ts';
import type { BodyCase } from './body-case.ts';

interface Decoded {
  buffer: Buffer;
  engine: { bytesWritten: number };
}

/** Returns all of the bytes unpacked; throws where bytes follow the end of the compressed ones. */
const whole =
  (decode: (bytes: Buffer) => Decoded, repeats: boolean) =>
  (bytes: Buffer): Buffer => {
    const { buffer, engine } = decode(bytes);
    const rest = bytes.subarray(engine.bytesWritten);
    if (rest.length === 0) return buffer;
    if (!repeats) throw new Error('Bytes follow the end.');
    return Buffer.concat([buffer, whole(decode, true)(rest)]);
  };

const INFO = { info: true };
const gzip = whole((bytes) => gunzipSync(bytes, INFO) as unknown as Decoded, false);
const DECODE: Record<string, (bytes: Buffer) => Buffer> = {
  '': (bytes) => bytes,
  gzip,
  'x-gzip': gzip,
  br: whole((bytes) => brotliDecompressSync(bytes, INFO) as unknown as Decoded, false),
  zstd: whole((bytes) => zstdDecompressSync(bytes, INFO) as unknown as Decoded, true),
};

/**
 * The texts of a request's events as PROTOCOL.md counts them, one byte a character, read another way than ingest does;
 * null where the request cannot be read as a whole.
 */
export function readElements({ bytes, encoding, contentType, path, framing }: BodyCase): string[] | null {
  if (path.includes('?') || framing === 'long') return null;
  const sent = framing === 'short' ? bytes.subarray(0, shortLength(bytes)) : bytes;
  const text = decoded(sent, encoding)?.replace(/^\xef\xbb\xbf/, '') ?? null;
  if (text === null || trim(text) === '') return null;
  if (contentType === 'application/x-ndjson') return text.split('\n').filter((line) => trim(line) !== '');
  const body = trim(text);
  if (body.startsWith('{')) return [body];
  return body.startsWith('[') ? readList(body) : null;
}

/** Returns the length that a request of framing `short` declares. */
export const shortLength = (bytes: Uint8Array): number => Math.floor(bytes.length / 2);

/** JSON's own white space, and no other. */
export const trim = (text: string): string => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');

function decoded(bytes: Buffer, encoding = ''): string | null {
  const names = encoding.split(',').map((name) => name.trim().toLowerCase());
  const applied = names.filter((name) => name !== 'identity' && name !== '').join();
  const decode = Object.entries(DECODE).find(([name]) => name === applied)?.[1];
  try {
    return decode === undefined ? null : decode(bytes).toString('latin1');
  } catch {
    return null;
  }
}

/** Cuts a list at the commas that stand in no string and no bracket; null where it does not end with the text. */
function readList(body: string): string[] | null {
  const found: string[] = [];
  let depth = 0;
  let start = 1;
  for (const { 0: token, index } of body.matchAll(/"(?:\\[\s\S]|[^"\\])*(?:"|\\?$)|[[\]{},]/g)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    const ends = depth === 0;
    if (!ends && !(token === ',' && depth === 1)) continue;
    found.push(body.slice(start, index));
    start = index + 1;
    if (!ends) continue;
    if (token !== ']' || start !== body.length) return null;
    return found.length === 1 && trim(found[0]!) === '' ? [] : found;
  }
  return null;
}

/** The event's fields, where the text is JSON in UTF-8; null where it is not. */
export function readEvent(element: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(element, 'latin1')),
    );
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
