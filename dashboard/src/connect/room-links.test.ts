import { expect, it } from 'vitest';
import { linkTo } from './room-links.ts';

it('leads to rooms that there are, with any name', () => {
  expect(linkTo('/boards', { event: 'a&b c' })).toBe('/boards?event=a%26b+c');
  expect(linkTo('/nowhere', { event: 'a' })).toBeNull();
});
