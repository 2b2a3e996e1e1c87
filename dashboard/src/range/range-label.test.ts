import { expect, it } from 'vitest';
import { FORMATS } from '../../testing/usual-formats.ts';
import { between, last } from './page-range.ts';
import { rangeLabel } from './range-label.ts';

const at = (text: string): number => new Date(text).getTime();
const NOW = at('2026-11-30T15:30:00');

it.each([
  ['2026-11-30T14:00', '2026-11-30T14:30', '14:00–14:30'],
  ['2026-11-30T14:00:05', '2026-11-30T14:30', '14:00:05–14:30'],
  ['2026-11-29T14:00', '2026-11-29T14:30', '29 Nov 14:00–14:30'],
  ['2026-11-29T22:00', '2026-11-30T03:00', '29 Nov 22:00–30 Nov 03:00'],
  ['2026-11-29T00:00', '2026-11-30T00:00', '29 Nov'],
  ['2026-11-01T00:00', '2026-11-08T00:00', '1–7 Nov'],
  ['2026-10-25T00:00', '2026-11-08T00:00', '25 Oct–7 Nov'],
  ['2025-11-29T14:00', '2025-11-29T14:30', '29 Nov 2025 14:00–14:30'],
])('says %s to %s as %s', (from, to, label) => {
  expect(rangeLabel(between(at(from), at(to)), NOW, FORMATS)).toBe(label);
});

it('says a length, and a period of the calendar', () => {
  expect(rangeLabel(last(900_000), NOW, FORMATS)).toBe('15 min');
  expect(rangeLabel({ kind: 'this', unit: 'day', timezone: 'UTC' }, NOW, FORMATS)).toBe('today');
});
