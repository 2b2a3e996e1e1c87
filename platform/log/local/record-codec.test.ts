import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord, isWhole, recordTime, sealRecord } from './record-codec.ts';

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
    ['another format', Uint8Array.of(1, ...new Uint8Array(40))],
    [
      'lengths beyond its end',
      encodeRecord({ key: Buffer.from('key'), value: Buffer.from(''), headers: {} }, 1).subarray(0, 22),
    ],
    [
      'broken headers',
      encodeRecord({ key: null, value: Buffer.from('x'), headers: { a: 'b' } }, 1).fill(0, 21, 24),
    ],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeRecord(bytes, 7)).toThrow(expect.objectContaining({ code: 'unsupported_format' }));
  });

  it('is whole at its own place alone, and no longer when any bit of it has changed', () => {
    const place = { topic: 'events', partition: 1, offset: 7 };
    const sealed = () =>
      sealRecord(encodeRecord({ key: null, value: Buffer.from('x'), headers: {} }, 1), place);
    expect(isWhole(sealed(), place)).toBe(true);
    for (const other of [{ topic: 'updates' }, { partition: 2 }, { offset: 6 }])
      expect(isWhole(sealed(), { ...place, ...other })).toBe(false);
    for (let bit = 0; bit < sealed().length * 8; bit++) {
      const bytes = sealed();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(isWhole(bytes, place), `bit ${bit}`).toBe(false);
    }
    expect(isWhole(sealed().subarray(0, 20), place)).toBe(false);
  });
});
