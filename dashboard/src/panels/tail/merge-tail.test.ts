import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeTail, type TailLine } from './merge-tail.ts';

const line = (number: number, time: number, arrived = 10_000): TailLine => ({
  line: number,
  time,
  arrived,
  event: 'e',
  text: '',
});
const keys = (lines: readonly TailLine[]): number[] => lines.map((l) => l.line);

it('puts rows of several partitions in the order of their times, newest first', () => {
  const shown = mergeTail([], [line(0, 9_300), line(1, 9_700), line(2, 9_100)], 60);
  expect(keys(shown)).toEqual([1, 0, 2]);
  expect(keys(mergeTail(shown, [line(3, 9_500, 10_200), line(4, 9_900, 10_200)], 60))).toEqual([
    4, 1, 3, 0, 2,
  ]);
});

it('shows an event that comes late near the top, and lets none from the future stay there', () => {
  const shown = mergeTail([], [line(0, 9_990), line(1, 300_000), line(2, 100)], 60);
  expect(keys(shown)).toEqual([1, 0, 2]);
  const next = mergeTail(shown, [line(3, 10_900, 11_000)], 60);
  expect(keys(next)).toEqual([3, 1, 0, 2]);
});

it('is newest first however the rows are cut into messages', () => {
  const times = fc.array(fc.integer({ min: 7_500, max: 10_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 7 }), (wanted, cut) => {
      const lines = wanted.map((time, key) => line(key, time));
      let shown: TailLine[] = [];
      for (let i = 0; i < lines.length; i += cut) shown = mergeTail(shown, lines.slice(i, i + cut), 20);
      expect(shown.map((l) => l.time)).toEqual([...wanted].sort((a, b) => b - a).slice(0, 20));
    }),
  );
});
