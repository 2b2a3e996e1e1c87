import { expect, it } from 'vitest';
import { trendOf } from './summary.ts';

it.each([
  [[1, 1, 1, 2, 2, 2], 'rising'],
  [[9, 9, 9, 1, 1, 1], 'falling'],
  [[100, 100, 100, 109, 109, 109], 'steady'],
  [[0, 5, 0], 'steady'],
  [[-1, -1, -3], 'falling'],
  [[7], 'steady'],
] as const)('finds that %j is %s', (values, trend) => {
  expect(trendOf(values)).toBe(trend);
});
