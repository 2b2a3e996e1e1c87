import { expect, it } from 'vitest';
import { createFormats, USUAL } from '../format/formats.ts';
import { expiryLabel, lastUseLabel } from './key-labels.ts';

const NOW = Date.UTC(2026, 10, 24, 14, 2, 11);
const reader = { now: NOW, formats: createFormats({ ...USUAL, zone: 'UTC' }) };

it.each([
  [undefined, '–'],
  [null, 'never'],
  [NOW - 30_000, 'now'],
  [NOW - 3_600_000, 'at 13:02'],
  [Date.UTC(2026, 10, 3), 'not since 3 Nov'],
  [Date.UTC(2025, 10, 3), 'not since 3 Nov 2025'],
])('says a last use of %s as %s', (lastUsed, label) => {
  expect(lastUseLabel(lastUsed === undefined ? {} : { lastUsed }, reader)).toBe(label);
});

it('says when a key ends', () => {
  const ends = [null, NOW, NOW + 1].map((expires) => expiryLabel({ expires }, reader));
  expect(ends).toEqual(['never', 'expired 24 Nov 2026', '24 Nov 2026']);
});
