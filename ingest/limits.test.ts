import { Readable } from 'node:stream';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createByteBudget } from './byte-budget.ts';
import { readBody } from './read-body.ts';
import { NOW } from './testing/harness.ts';
import { useIngest } from './testing/use-ingest.ts';

const start = useIngest();

const event = (bytes: number): string => {
  const frame = '{"event":"a","properties":{"t":""}}'.length;
  return `{"event":"a","properties":{"t":"${'x'.repeat(bytes - frame)}"}}`;
};

describe('every limit, at it and one beyond', () => {
  it.each<[string, (n: number) => string, number, string, number]>([
    ['bytes of an event', event, 65_536, 'event_too_large', 413],
    ['bytes of a body', (n) => `[${event(60_000)},${event(n - 60_003)}]`, 100_000, 'body_too_large', 413],
    ['events of an array', (n) => `[${Array(n).fill('{"event":"a"}')}]`, 50, 'too_many_events', 413],
    [
      'properties',
      (n) => `{"event":"a","properties":{${Array.from({ length: n }, (_, i) => `"p${i}":0`)}}}`,
      256,
      'too_many_properties',
      400,
    ],
    ['characters of a name', (n) => `{"event":"${'é'.repeat(n)}"}`, 200, 'name_too_long', 400],
    [
      'characters of a property',
      (n) => `{"event":"a","properties":{"${'p'.repeat(n)}":1}}`,
      200,
      'name_too_long',
      400,
    ],
    [
      'ms ahead of receipt',
      (n) => `{"event":"a","timestamp":${NOW + n}}`,
      300_000,
      'timestamp_in_future',
      400,
    ],
  ])('%s', async (_, make, limit, code, status) => {
    const harness = await start({ settings: { batchBytes: 100_000, batchEvents: 50 } });
    expect((await harness.post(make(limit))).json()).toMatchObject({ rejected: 0 });
    const refused = await harness.post(make(limit + 1));
    expect(refused.json()).toMatchObject({ status, code });
    expect(refused.json().detail).toMatch(/\d/);
  });

  it('lines of NDJSON', async () => {
    const harness = await start({ settings: { batchEvents: 50 } });
    const lines = (n: number) =>
      harness.post('{"event":"a"}\n\n'.repeat(n), { 'content-type': 'application/x-ndjson' });
    expect((await lines(50)).json()).toMatchObject({ accepted: 50 });
    expect((await lines(51)).json()).toMatchObject({ code: 'too_many_events' });
    expect(await harness.events()).toHaveLength(50);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('bytes after decompression of %s', async (encoding, encode) => {
    const harness = await start({ settings: { batchBytes: 100_000 } });
    const body = (n: number) => encode(`[${event(60_000)},${event(n - 60_003)}]`);
    expect((await harness.post(body(100_000), { 'content-encoding': encoding })).json()).toMatchObject({
      accepted: 2,
    });
    expect((await harness.post(body(100_001), { 'content-encoding': encoding })).json()).toMatchObject({
      code: 'body_too_large',
    });
  });
});

describe('a bomb', () => {
  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('%s is never held whole', async (encoding, encode) => {
    const bomb = encode(Buffer.alloc(60_000_000, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    let most = 0;
    const budget = createByteBudget({ limit: 1e9, share: 1e9 }, (used) => {
      most = Math.max(most, used);
    });
    const { result, held } = await readBody(
      { sender: 'a', stream: Readable.from([bomb]), encoding, length: bomb.length },
      1_000_000,
      budget,
    );
    expect(result).toMatchObject({ ok: false, fault: { code: 'body_too_large' } });
    budget.release('a', held);
    expect(budget.used()).toBe(0);
    expect(most).toBeLessThanOrEqual(1_000_000);
  });
});
