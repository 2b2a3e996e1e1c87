import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Random } from '../sim/random.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { oddText } from './odd-values.ts';

/** One request: what is declared, what is sent, and what the sender says of its length. */
export interface BodyCase {
  path: string;
  contentType: string | undefined;
  encoding: string | undefined;
  bytes: Buffer;
  /** `short` and `long` declare a length that is not the body's; `chunked` declares none. */
  framing: 'exact' | 'chunked' | 'short' | 'long';
}

const NDJSON = 'application/x-ndjson';
const TYPES = [
  undefined,
  '',
  'application/json',
  NDJSON,
  'text/plain',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  ';;',
  'application/x-ndjson, application/json',
  `a/${'b'.repeat(500)}`,
];
const ENCODINGS = [
  undefined,
  'gzip',
  'br',
  'zstd',
  'deflate',
  'identity',
  'gzip, gzip',
  'gzip, identity',
  'x-gzip',
  '__proto__',
  'constructor',
  ' GZIP ',
];
const QUERIES = ['?sent_at=x', '?sent_at=1&sent_at=2', '?__proto__=1', '?sent_at=', '?a[b]=1', '?%zz'];
const COMPRESS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: (bytes) => gzipSync(bytes, { level: 1 }),
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: (bytes) => zstdCompressSync(bytes),
};

/** An id that no single flip turns into another one. */
const randomId = (random: Random): string =>
  Array.from({ length: 16 }, () => random.below(16).toString(16)).join('');

/** A good event: the marker that must never be lost. */
export const goodEvent = (random: Random): string =>
  JSON.stringify({
    event: 'good',
    id: randomId(random),
    ...(random.below(2) === 0 ? { key: `k${random.below(5)}` } : {}),
    properties: { page: random.pick(['/a', '/b\u00e9', '/\u{1f600}']), n: random.below(100) },
  });

/** An event in which one thing is odd: a value, a name, or its bytes. */
function victim(random: Random): Buffer {
  const fields: [string, string][] = [
    ['event', '"victim"'],
    ['id', `"${randomId(random)}"`],
    ['timestamp', String(Date.now() - random.below(1_000))],
    ['properties', `{"n":${random.below(9)},"deep":{"x":"y"}}`],
  ];
  const text = (): Buffer =>
    Buffer.from(`{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`);
  const kind = random.below(5);
  if (kind === 0) fields[random.below(4)]![1] = oddText(random);
  else if (kind === 1)
    fields.push([random.pick(['__proto__', 'event', 'id', 'x', '', '\\u0065vent']), '"x"']);
  else if (kind === 2) fields[3]![1] = `{"a":${oddText(random)},"b":1}`;
  else if (kind === 3) return Buffer.from(oddText(random));
  else return mutateBytes(text(), random);
  return text();
}

/** A batch of good events, sent with at most one kind of harm, such as a victim among them; `good`: the good events. */
export function bodyCase(random: Random): { request: BodyCase; good: string[] } {
  const good = Array.from({ length: 1 + random.below(4) }, () => goodEvent(random));
  const elements: Buffer[] = good.map((text) => Buffer.from(text));
  // Only one kind, so that most of the body stays readable.
  const harm = random.below(10);
  if (harm < 5) elements.splice(random.below(elements.length + 1), 0, victim(random));
  const lines = random.below(2) === 0;
  const list = [Buffer.from('['), ...join(elements, ','), Buffer.from(']')];
  const single = !lines && elements.length === 1 && random.below(2) === 0;
  let bytes = single ? elements[0]! : Buffer.concat(lines ? join(elements, '\n') : list);
  if (harm === 5) bytes = mutateBytes(bytes, random);
  let encoding = random.below(2) === 0 ? random.pick(['gzip', 'br', 'zstd']) : undefined;
  if (encoding !== undefined) bytes = COMPRESS[encoding]!(bytes);
  if (harm === 6)
    bytes = random.below(2) === 0 ? mutateBytes(bytes, random) : followed(bytes, encoding, random);
  if (harm === 7) encoding = random.pick(ENCODINGS);
  const contentType = harm === 8 ? random.pick(TYPES) : lines ? NDJSON : 'application/json';
  const query = harm === 9 && random.below(3) === 0 ? random.pick(QUERIES) : '';
  const framing = harm === 9 && query === '' ? random.pick(['chunked', 'short', 'long'] as const) : 'exact';
  return { request: { path: `/v1/events${query}`, contentType, encoding, bytes, framing }, good };
}

/** A body with something behind it: more of its kind, whole or cut, padding, or a few bytes of anything. */
function followed(bytes: Buffer, encoding: string | undefined, random: Random): Buffer {
  const more = encoding === undefined ? bytes : COMPRESS[encoding]!(Buffer.from(`\n${goodEvent(random)}`));
  const suffixes = [
    more,
    more.subarray(0, 1 + random.below(more.length - 1)),
    Buffer.alloc(1 + random.below(20)),
    Buffer.concat([Buffer.alloc(1), more]),
    Buffer.from(Array.from({ length: 1 + random.below(9) }, () => random.below(256))),
    Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]),
  ];
  return Buffer.concat([bytes, random.pick(suffixes)]);
}

const join = (parts: readonly Buffer[], separator: string): Buffer[] =>
  parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from(separator), part]));
