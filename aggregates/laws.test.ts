import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { State } from '#contracts/state.ts';
import type { Aggregate } from './aggregate.ts';
import { anyNumber, callOf, everyAggregate, inputsOf } from './law-inputs.ts';

function fold(aggregate: Aggregate, values: readonly (number | string | undefined)[]): unknown {
  const state = aggregate.create();
  for (const value of values) aggregate.add(state, value);
  return state;
}

function mergeAll(aggregate: Aggregate, states: readonly unknown[]): State {
  const into = aggregate.create();
  for (const state of states) aggregate.merge(into, state);
  return aggregate.encode(into);
}

describe.each(everyAggregate())('%s', (_name, aggregate) => {
  const values = inputsOf(aggregate);
  const call = callOf(aggregate);

  test('merge is commutative and associative, with the empty state as identity', () => {
    fc.assert(
      fc.property(values, values, values, (x, y, z) => {
        const [a, b, c] = [x, y, z].map((v) => fold(aggregate, v));
        const whole = mergeAll(aggregate, [a, b, c]);
        expect(mergeAll(aggregate, [c, a, b])).toEqual(whole);
        const ab = aggregate.decode(mergeAll(aggregate, [a, b]));
        const bc = aggregate.decode(mergeAll(aggregate, [b, c]));
        expect(mergeAll(aggregate, [ab, c])).toEqual(whole);
        expect(mergeAll(aggregate, [a, bc])).toEqual(whole);
        expect(mergeAll(aggregate, [a, aggregate.create()])).toEqual(aggregate.encode(a));
      }),
      { numRuns: 50 },
    );
  });

  test('merging leaves the source alone', () => {
    fc.assert(
      fc.property(values, values, (x, y) => {
        const [a, b] = [fold(aggregate, x), fold(aggregate, y)];
        const before = structuredClone(aggregate.encode(b));
        aggregate.merge(a, b);
        for (const value of x) aggregate.add(a, value);
        expect(aggregate.encode(b)).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  test('any order and any split gives the same state', () => {
    const shuffled = values.chain((v) =>
      fc.tuple(fc.constant(v), fc.shuffledSubarray(v, { minLength: v.length }), fc.nat(v.length)),
    );
    fc.assert(
      fc.property(shuffled, ([v, other, cut]) => {
        const parts = [fold(aggregate, other.slice(0, cut)), fold(aggregate, other.slice(cut))];
        expect(mergeAll(aggregate, parts)).toEqual(aggregate.encode(fold(aggregate, v)));
      }),
      { numRuns: 50 },
    );
  });

  test('a state survives encoding, JSON and decoding, and can then go on', () => {
    fc.assert(
      fc.property(inputsOf(aggregate, anyNumber), inputsOf(aggregate, anyNumber), (x, more) => {
        const state = fold(aggregate, x);
        const sent = aggregate.encode(state);
        const read = aggregate.decode(JSON.parse(JSON.stringify(sent)) as State);
        expect(aggregate.encode(read)).toEqual(sent);
        expect(aggregate.value(read, call, 10_000)).toEqual(aggregate.value(state, call, 10_000));
        for (const value of more) {
          aggregate.add(state, value);
          aggregate.add(read, value);
        }
        expect(aggregate.encode(read)).toEqual(aggregate.encode(state));
      }),
      { numRuns: 50 },
    );
  });

  test('an encoded state fits its columns', () => {
    fc.assert(
      fc.property(inputsOf(aggregate, anyNumber), (x) => {
        const { nums, keys, counts } = aggregate.encode(fold(aggregate, x));
        expect(nums.every((n) => Number.isFinite(n) && !Object.is(n, -0))).toBe(true);
        expect(keys.every((k) => Number.isInteger(k) && k >= 0 && k < 2 ** 32)).toBe(true);
        expect(counts.every((c) => Number.isSafeInteger(c) && c >= 0)).toBe(true);
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
});
