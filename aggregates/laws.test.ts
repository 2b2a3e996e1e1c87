import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { State } from '#contracts/metric/state.ts';
import type { Aggregate } from './aggregate.ts';
import { expectSameState } from './testing/expect-same-state.ts';
import {
  anyNumber,
  callOf,
  everyAggregate,
  farNumber,
  foldInputs,
  hugeNumber,
  inputsOf,
  type LawInput,
  wholeNumber,
} from './testing/law-inputs.ts';

function mergeAll(aggregate: Aggregate, states: readonly unknown[]): State {
  const into = aggregate.create();
  for (const state of states) aggregate.merge(into, state);
  return aggregate.encode(into);
}

const valuesOf = (inputs: readonly LawInput[]): unknown[] => inputs.map(({ value }) => value);

/** Whole numbers, where sums must be exact, and others, where they may differ as far as is stated. */
const kinds = (aggregate: Aggregate): fc.Arbitrary<LawInput[]> =>
  fc.oneof(...[wholeNumber, anyNumber, farNumber, hugeNumber].map((numbers) => inputsOf(aggregate, numbers)));

describe.each(everyAggregate())('%s', (_name, aggregate) => {
  const inputs = kinds(aggregate);
  const call = callOf(aggregate);

  test('merge is commutative and associative, with the empty state as identity', () => {
    fc.assert(
      fc.property(inputs, fc.nat(60), fc.nat(60), (all, i, j) => {
        const [low, high] = [Math.min(i, j), Math.max(i, j)];
        const cut = [all.slice(0, low), all.slice(low, high), all.slice(high)];
        const [a, b, c] = cut.map((part) => foldInputs(aggregate, part));
        const whole = mergeAll(aggregate, [a, b, c]);
        const same = (found: State) => expectSameState(aggregate, found, whole, valuesOf(all));
        same(mergeAll(aggregate, [c, a, b]));
        const ab = aggregate.decode(mergeAll(aggregate, [a, b]));
        const bc = aggregate.decode(mergeAll(aggregate, [b, c]));
        same(mergeAll(aggregate, [ab, c]));
        same(mergeAll(aggregate, [a, bc]));
        expect(mergeAll(aggregate, [a, aggregate.create()])).toEqual(aggregate.encode(a));
        aggregate.merge(a, aggregate.create());
        expect(mergeAll(aggregate, [aggregate.create(), a])).toEqual(aggregate.encode(a));
      }),
      { numRuns: 100 },
    );
  });

  test('merging leaves the source alone', () => {
    fc.assert(
      fc.property(inputs, inputs, (x, y) => {
        const [a, b] = [foldInputs(aggregate, x), foldInputs(aggregate, y)];
        const before = structuredClone(aggregate.encode(b));
        aggregate.merge(a, b);
        for (const { value, at } of x) aggregate.add(a, value, at);
        expect(aggregate.encode(b)).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  test('any order and any split gives the same state', () => {
    const shuffled = inputs.chain((v) =>
      fc.tuple(fc.constant(v), fc.shuffledSubarray(v, { minLength: v.length }), fc.nat(v.length)),
    );
    fc.assert(
      fc.property(shuffled, ([v, other, cut]) => {
        const parts = [foldInputs(aggregate, other.slice(0, cut)), foldInputs(aggregate, other.slice(cut))];
        const whole = aggregate.encode(foldInputs(aggregate, v));
        expectSameState(aggregate, mergeAll(aggregate, parts), whole, valuesOf(v));
      }),
      { numRuns: 100 },
    );
  });

  test('the position that is handed in may be used again by the caller', () => {
    fc.assert(
      fc.property(inputs, (v) => {
        const scratch = { ts: 0, part: 0, offset: 0, index: 0 };
        const state = aggregate.create();
        for (const { value, at } of v) aggregate.add(state, value, Object.assign(scratch, at));
        expect(aggregate.encode(state)).toEqual(aggregate.encode(foldInputs(aggregate, v)));
      }),
      { numRuns: 30 },
    );
  });

  test('a state survives encoding, JSON and decoding, and can then go on', () => {
    fc.assert(
      fc.property(inputsOf(aggregate, anyNumber), inputsOf(aggregate, anyNumber), (x, more) => {
        const state = foldInputs(aggregate, x);
        const sent = aggregate.encode(state);
        const read = aggregate.decode(JSON.parse(JSON.stringify(sent)) as State);
        expect(aggregate.encode(read)).toEqual(sent);
        expect(aggregate.value(read, call, 10_000)).toEqual(aggregate.value(state, call, 10_000));
        for (const { value, at } of more) {
          aggregate.add(state, value, at);
          aggregate.add(read, value, at);
        }
        expect(aggregate.encode(read)).toEqual(aggregate.encode(state));
      }),
      { numRuns: 50 },
    );
  });

  test('an encoded state fits its columns', () => {
    fc.assert(
      fc.property(inputsOf(aggregate, fc.oneof(anyNumber, hugeNumber)), (x) => {
        const state = foldInputs(aggregate, x);
        const { nums, keys, counts } = aggregate.encode(state);
        expect(nums.every((n) => Number.isFinite(n) && !Object.is(n, -0))).toBe(true);
        expect(keys.every((k) => Number.isInteger(k) && k >= 0 && k < 2 ** 32)).toBe(true);
        expect(counts.every((c) => Number.isSafeInteger(c) && c >= 0)).toBe(true);
        const values = aggregate.value(state, call, 10_000);
        expect(values.every((value) => value === null || !Number.isNaN(value))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('an empty state means what `empty` says, once per output', () => {
    const value = aggregate.value(aggregate.create(), call, 10_000);
    expect(value).toEqual(aggregate.outputs(call).map(() => (aggregate.empty === 'zero' ? 0 : null)));
    const again = aggregate.decode(aggregate.encode(aggregate.create()));
    expect(aggregate.value(again, call, 10_000)).toEqual(value);
  });

  test('what a state is reduced to gives its values, and is small', () => {
    const { reduced } = aggregate;
    // A state that grows with its values has to be reducible.
    expect(reduced === undefined).toBe(aggregate.weight === undefined);
    if (reduced === undefined) return;
    const same = (state: unknown) => {
      const sent = JSON.parse(JSON.stringify(reduced.of(state, call))) as State;
      expect(reduced.value(sent, call, 10_000)).toEqual(aggregate.value(state, call, 10_000));
      // Names of at most 128 bytes, four of them in a number.
      const most = reduced.names === undefined ? 64 : 64 + 33 * aggregate.outputs(call).length;
      expect(reduced.names?.of(sent)).toEqual(reduced.names?.of(reduced.of(state, call)));
      expect(sent.nums.length + sent.keys.length + sent.counts.length).toBeLessThan(most);
    };
    same(aggregate.create());
    fc.assert(
      fc.property(inputs, (v) => {
        const state = foldInputs(aggregate, v);
        same(state);
        // Rows of earlier versions lack the numbers.
        const { keys, counts } = aggregate.encode(state);
        same(aggregate.decode({ nums: [], keys, counts }));
      }),
      { numRuns: 100 },
    );
  });
});
