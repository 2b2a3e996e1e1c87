import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldInputs, inputsOf } from '../testing/law-inputs.ts';
import { first } from './first.ts';
import { last } from './last.ts';

const CALL = { name: 'last', field: 'x', args: [] };
const at = (ts: number, part = 0, offset = 0, index = 0) => ({ ts, part, offset, index });

test.each([
  ['the time', at(1, 9, 9, 9), at(2)],
  ['the partition', at(1, 0, 9, 9), at(1, 1)],
  ['the offset', at(1, 1, 0, 9), at(1, 1, 1)],
  ['the index', at(1, 1, 1, 0), at(1, 1, 1, 1)],
])('%s decides which of two comes first, in whatever order they are added', (_what, early, late) => {
  const pair = [
    { value: 5, at: early },
    { value: 7, at: late },
  ];
  for (const inputs of [pair, [...pair].reverse()]) {
    expect(first.value(foldInputs(first, inputs) as never, CALL, 1_000)).toEqual([5]);
    expect(last.value(foldInputs(last, inputs) as never, CALL, 1_000)).toEqual([7]);
  }
});

test('first and last are the ends of the sorted events', () => {
  fc.assert(
    fc.property(inputsOf(last), (inputs) => {
      fc.pre(inputs.length > 0);
      const keys = ['ts', 'part', 'offset', 'index'] as const;
      const sorted = [...inputs].sort((a, b) => {
        const key = keys.find((k) => a.at[k] !== b.at[k])!;
        return a.at[key] - b.at[key];
      });
      expect(first.value(foldInputs(first, inputs) as never, CALL, 1_000)).toEqual([sorted[0]!.value]);
      expect(last.value(foldInputs(last, inputs) as never, CALL, 1_000)).toEqual([sorted.at(-1)!.value]);
    }),
  );
});
