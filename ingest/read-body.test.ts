import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createByteBudget } from './byte-budget.ts';
import { readBody } from './read-body.ts';

const COMPRESS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: (bytes) => gzipSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
};
const NAMES = Object.keys(COMPRESS);
const LIMIT = 1_000_000;

/** The text that is read, or the code of the refusal. */
async function read(encoding: string | undefined, bytes: Buffer, size = bytes.length): Promise<string> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += Math.max(1, size))
    pieces.push(bytes.subarray(at, at + Math.max(1, size)));
  const budget = createByteBudget({ limit: 1e9, share: 1e9 }, () => {});
  const body = { sender: 'a', stream: Readable.from(pieces), encoding, length: bytes.length };
  const { result, held } = await readBody(body, LIMIT, budget);
  expect(held).toBe(budget.used());
  return result.ok ? Buffer.from(result.value).toString() : result.fault.code;
}

const lines = (n: number): Buffer =>
  Buffer.from(
    Array.from({ length: n }, (_, i) => `{"event":"e","properties":{"n":${i * 7_919}}}`).join('\n'),
  );

/** A frame of zstd that holds nothing to unpack (RFC 8878, 3.1.2). */
const SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

describe.each(NAMES)('%s', (name) => {
  const packed = COMPRESS[name]!(lines(9));

  test('a body that is cut short at any byte is refused', async () => {
    for (const size of [1, 16, packed.length]) {
      for (let to = 1; to < packed.length; to++)
        expect(await read(name, packed.subarray(0, to), size)).toBe('invalid_encoding');
      expect(await read(name, packed, size)).toBe(lines(9).toString());
    }
  });

  test('with any bytes behind it a body is read to its end or refused, in pieces of any size', async () => {
    const other = fc.constantFrom(...NAMES).chain((kind) => fc.nat(40).map((n) => COMPRESS[kind]!(lines(n))));
    const suffix = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      fc.nat(30).map((n) => Buffer.alloc(n + 1)),
      fc.constantFrom(Buffer.from([0x1f, 0x8b]), Buffer.from('\n'), SKIPPABLE),
      other,
      other.map((bytes) => Buffer.concat([Buffer.alloc(1), bytes])),
      fc.tuple(other, fc.nat(60)).map(([bytes, cut]) => bytes.subarray(0, bytes.length - cut - 1)),
    );
    await fc.assert(
      fc.asyncProperty(suffix, fc.integer({ min: 1, max: 400 }), async (bytes, size) => {
        const found = await read(name, Buffer.concat([packed, bytes]), size);
        if (found === 'invalid_encoding') return;
        // Whatever was read is all there is: the whole of another body, or nothing that holds data.
        const alone = bytes.length === 0 || bytes.equals(SKIPPABLE) ? '' : await read(name, bytes);
        expect(found).toBe(lines(9).toString() + alone);
        expect(alone).not.toBe('invalid_encoding');
      }),
      { numRuns: 300 },
    );
  });
});

test.each(['gzip', 'zstd'])('several %s bodies one behind the other are read whole', async (name) => {
  const parts = [3, 1, 20].map((n) => COMPRESS[name]!(lines(n)));
  for (const size of [1, 50, 10_000]) {
    const found = await read(name, Buffer.concat(parts), size);
    expect(found).toBe([3, 1, 20].map((n) => lines(n).toString()).join(''));
  }
});

test('zstd frames without data are skipped, before, between and after others', async () => {
  const packed = zstdCompressSync(lines(2));
  for (const parts of [
    [SKIPPABLE, packed],
    [packed, SKIPPABLE],
    [SKIPPABLE, SKIPPABLE, packed, SKIPPABLE],
  ]) {
    for (const size of [1, 11, 10_000])
      expect(await read('zstd', Buffer.concat(parts), size)).toBe(lines(2).toString());
  }
});

test('more frames than the limit are refused', async () => {
  expect(await read('zstd', Buffer.concat(Array(1_001).fill(SKIPPABLE)))).toBe('invalid_encoding');
});

test('a frame of zstd that asks for more memory than HTTP allows is refused', async () => {
  // A frame of one raw block, "A", whose window is 2^23 or 2^27 bytes.
  const frame = (window: number) =>
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, window, 0x09, 0x00, 0x00, 0x41]);
  expect(await read('zstd', frame(0x68))).toBe('A');
  expect(await read('zstd', frame(0x88))).toBe('invalid_encoding');
});

test.each([
  [undefined, 'whole'],
  ['', 'whole'],
  ['identity', 'whole'],
  ['Identity, identity', 'whole'],
  ['gzip', 'gzip'],
  [' GZIP ', 'gzip'],
  ['x-gzip', 'gzip'],
  ['gzip, identity', 'gzip'],
  ['identity,gzip', 'gzip'],
  ['gzip, gzip', 'unsupported_encoding'],
  ['gzip, br', 'unsupported_encoding'],
  ['deflate', 'unsupported_encoding'],
  ['aws-chunked', 'unsupported_encoding'],
  ['__proto__', 'unsupported_encoding'],
  ['gzip;q=1', 'unsupported_encoding'],
])('Content-Encoding %j', async (header, expected) => {
  const text = lines(3);
  const found = await read(header, expected === 'whole' ? text : gzipSync(text));
  expect(found).toBe(expected === 'unsupported_encoding' ? expected : text.toString());
});

test('a body of another encoding than it says is refused', async () => {
  const text = lines(3);
  const bodies = {
    ...COMPRESS,
    deflate: (bytes: Buffer) => deflateSync(bytes),
    plain: (bytes: Buffer) => bytes,
  };
  for (const name of NAMES) {
    for (const [other, compress] of Object.entries(bodies)) {
      if (other !== name)
        expect(await read(name, compress(text)), `${other} as ${name}`).toBe('invalid_encoding');
    }
  }
});

test('of a bomb no more than the limit is held', async () => {
  for (const name of NAMES)
    expect(await read(name, COMPRESS[name]!(Buffer.alloc(50_000_000)))).toBe('body_too_large');
});
