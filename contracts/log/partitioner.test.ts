import fc from 'fast-check';
import { expect, it } from 'vitest';
import { murmur2, partitionOf, partitionOfText } from './partitioner.ts';

const utf8 = new TextEncoder();

// The vectors of Kafka's own test of its murmur2.
it.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2 of %s', (text, hash) => {
  expect(murmur2(utf8.encode(text))).toBe(hash);
});

it('gives a partition within bounds, the same every time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 1, max: 1_024 }), (key, partitions) => {
      const partition = partitionOf(key, partitions);
      expect(partition).toBeGreaterThanOrEqual(0);
      expect(partition).toBeLessThan(partitions);
      expect(partitionOf(key.slice(), partitions)).toBe(partition);
    }),
  );
});

it('takes a text as its UTF-8 bytes, however long', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme', minLength: 200, maxLength: 400 }),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 64 }), (key, partitions) => {
      expect(partitionOfText(key, partitions)).toBe(partitionOf(utf8.encode(key), partitions));
    }),
  );
});
