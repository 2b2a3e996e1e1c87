import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TIMESTAMP, parseTimestamp } from './timestamp.ts';
import { scanIsoTimestamp } from './timestamp-bytes.ts';

const NOON = Date.UTC(2026, 10, 23, 12, 0, 0);
const utf8 = new TextEncoder();
const scan = (text: string): number | null => {
  const bytes = utf8.encode(`xx${text}xx`);
  return scanIsoTimestamp(bytes, 2, bytes.length - 2);
};

describe('ISO 8601', () => {
  it.each([
    ['2026-11-23T12:00:00Z', NOON],
    ['2026-11-23T12:00Z', NOON],
    ['2026-11-23 12:00:00.000z', NOON],
    ['2026-11-23t12:00:00,5Z', NOON + 500],
    ['2026-11-23T12:00:00.123456789Z', NOON + 123],
    ['2026-11-23T13:30:00+01:30', NOON],
    ['2026-11-23T07:00:00-0500', NOON],
    ['2026-11-23', NOON - 12 * 3_600_000],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['1970-01-01T00:00:00Z', 0],
  ])('reads %s', (text, expected) => {
    expect(parseTimestamp(text)).toBe(expected);
  });

  it.each([
    '2026-11-23T12:00:00',
    '2026-11-23T24:00:00Z',
    '2026-11-23T12:60:00Z',
    '2026-11-23T12:00:60Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01',
    '2026-11-23T12:00:00+24:00',
    '26-11-23T12:00:00Z',
    '1969-12-31T23:59:59.999Z',
    '2200-01-01T00:00:00Z',
    ' 2026-11-23T12:00:00Z',
    'now',
    '',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeNull();
    expect(scan(text)).toBeNull();
  });
});

describe('epoch numbers', () => {
  it.each([
    [NOON / 1_000, NOON],
    [NOON / 1_000 + 0.25, NOON + 250],
    [NOON, NOON],
    [NOON + 0.9, NOON],
    [NOON * 1_000, NOON],
    [NOON * 1_000_000, NOON],
    [0, 0],
    [1e11 - 1, null],
    [1e11, 1e11],
    [1e14 - 1, null],
    [1e14, 1e11],
    [1e17, 1e11],
    [-1, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
  ])('%d', (value, expected) => {
    expect(parseTimestamp(value)).toBe(expected);
  });

  it.each([null, undefined, true, {}, []])('is no time: %j', (value) => {
    expect(parseTimestamp(value)).toBeNull();
  });
});

it('agrees with Date, by text and by bytes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_TIMESTAMP - 1 }), fc.constantFrom(24, 22, 20), (ms, length) => {
      const whole = new Date(ms).toISOString();
      const text =
        length === 24 ? whole : length === 22 ? `${whole.slice(0, 21)}Z` : `${whole.slice(0, 19)}Z`;
      expect(parseTimestamp(text)).toBe(Date.parse(text));
      expect(scan(text)).toBe(Date.parse(text));
    }),
  );
});

it('reads from bytes nothing that it would not read from text', () => {
  const almost = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0x20, max: 0x7e }));
  fc.assert(
    fc.property(almost, ([at, code]) => {
      const text = '2026-11-23T12:00:00.123Z';
      const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
      const read = scan(changed);
      if (read !== null) expect(parseTimestamp(changed)).toBe(read);
    }),
    { numRuns: 1_000 },
  );
});
