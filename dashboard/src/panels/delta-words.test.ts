import { expect, it } from 'vitest';
import { deltaWords } from './delta-words.ts';

it('says what is compared with what', () => {
  expect(deltaWords({ now: 74.42, before: 70, error: 1 }, 10_000, 900_000, '€')).toEqual({
    reference: 'vs prev 15 min',
    missing: null,
    explained:
      'Mean of the closed windows of 10 s over the last 15 min: € 74.4; over the 15 min before: € 70.',
  });
});

it('says why there is no difference', () => {
  const missing = (now: number | null, before: number | null, unit = '') =>
    deltaWords({ now, before, error: 0 }, 10_000, 3_600_000, unit).missing;
  expect(missing(5, null)).toBe('none in prev 1 h');
  expect(missing(5, 0)).toBe('none in prev 1 h');
  expect(missing(5, 0, '%')).toBeNull();
  expect(missing(null, 4)).toBe('none in 1 h');
});
