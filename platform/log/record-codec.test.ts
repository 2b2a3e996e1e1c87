import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord, recordTime } from './record-codec.ts';

const records = fc.record({
  key: fc.option(fc.uint8Array({ maxLength: 30 })),
  value: fc.uint8Array({ maxLength: 300 }),
  headers: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
});

describe('the stored form of a record', () => {
  it('reads back as it was, a null key apart from an empty one', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.nat(), (record, time, offset) => {
        const bytes = encodeRecord(record, time);
        const read = decodeRecord(bytes, offset);
        expect(read.offset).toBe(offset);
        expect(read.time).toBe(time);
        expect(recordTime(bytes, offset)).toBe(time);
        expect(read.key === null ? null : [...read.key]).toEqual(
          record.key === null ? null : [...record.key],
        );
        expect([...read.value]).toEqual([...record.value]);
        expect(Object.entries(read.headers)).toEqual(Object.entries(record.headers));
      }),
    );
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['another format', Uint8Array.of(2, ...new Uint8Array(40))],
    [
      'lengths beyond its end',
      encodeRecord({ key: Buffer.from('key'), value: Buffer.from(''), headers: {} }, 1).subarray(0, 18),
    ],
    [
      'broken headers',
      encodeRecord({ key: null, value: Buffer.from('x'), headers: { a: 'b' } }, 1).fill(0, 17, 20),
    ],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeRecord(bytes, 7)).toThrow(expect.objectContaining({ code: 'unsupported_format' }));
  });
});
