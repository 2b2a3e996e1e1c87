import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test.each([
  ['500ms', 500],
  ['10s', 10_000],
  ['1m', 60_000],
  ['2h', 7_200_000],
  ['30d', 2_592_000_000],
  ['090s', 90_000],
  ['2w', 1_209_600_000],
  ['3y', 94_608_000_000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text, 'window')).toEqual({ ok: true, value: ms });
});

test.each([
  '',
  '10',
  's',
  '0s',
  '-1s',
  '1.5s',
  '1 s',
  '10S',
  '1h30m',
  '1e3s',
  '9999999999s',
  '999999999y',
  '1W',
  10,
  null,
  undefined,
  ['1s'],
])('%j is refused, and the field named', (value) => {
  const result = parseDuration(value, 'lateness');
  expect(result).toMatchObject({ ok: false, fault: { code: 'out_of_range', field: 'lateness' } });
  expect(result.ok ? '' : result.fault.message).toMatch(/^lateness: expected a duration such as/);
});

test('the text of a duration reads back to it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.constantFrom(1, 1_000, 60_000, 3_600_000, 86_400_000),
      (n, unit) => {
        const ms = n * unit;
        expect(parseDuration(formatDuration(ms), 'x')).toEqual({ ok: true, value: ms });
      },
    ),
  );
});

test.each([
  [60_000, '1m'],
  [90_000, '90s'],
  [86_400_000, '1d'],
  [604_800_000, '7d'],
  [31_536_000_000, '365d'],
  [1_500, '1500ms'],
])('%d ms is written as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
