import { expect, it } from 'vitest';
import { chooseLabels } from './choose-labels.ts';

const label = (value: number) => ({ at: value, value });
const values = (shown: { value: number }[]): number[] => shown.map((l) => l.value);

it('shows all that have a value while they fit', () => {
  const { shown, more } = chooseLabels([label(1), label(Number.NaN), label(3)], 5);
  expect(values(shown)).toEqual([1, 3]);
  expect(more).toBe(0);
});

it('keeps the nine largest of many, in their own order, and counts the rest', () => {
  const { shown, more } = chooseLabels([5, 1, 9, 2, 8, 3, 7, 4, 6, -10, 0].map(label), 20);
  expect(values(shown)).toEqual([5, 9, 2, 8, 3, 7, 4, 6, -10]);
  expect(more).toBe(2);
});

it('keeps a place for the rest where room is short', () => {
  const { shown, more } = chooseLabels([1, 2, 3, 4, 5].map(label), 3);
  expect(values(shown)).toEqual([4, 5]);
  expect(more).toBe(3);
  expect(chooseLabels([1, 2].map(label), 1)).toEqual({ shown: [label(2)], more: 1 });
});
