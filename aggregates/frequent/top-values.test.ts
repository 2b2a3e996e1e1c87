import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OTHER } from '#contracts/metric/dimension.ts';
import type { State } from '#contracts/metric/state.ts';
import { aggregateOf } from '../registry.ts';
import { anyText, foldInputs, type LawInput } from '../testing/law-inputs.ts';
import { packText, unpackText } from './packed-text.ts';
import { MOST_BYTES, MOST_VALUES } from './value-counts.ts';

const callOf = (ranks: number) => ({ name: 'topk', field: 'x', args: [ranks] });
const topk = aggregateOf(callOf(3));

const inputsOf = (texts: readonly string[], part = 0): LawInput[] =>
  texts.map((value, i) => ({ value, at: { ts: 1_000 + i, part, offset: i, index: 0 } }));

const foldTexts = (texts: readonly string[], part = 0): unknown => foldInputs(topk, inputsOf(texts, part));

function readTop(state: unknown, ranks = 3): [string, number][] {
  const call = callOf(ranks);
  const names = topk.reduced!.names!.of(topk.reduced!.of(state, call));
  const values = topk.value(state, call, 1);
  expect(values).toHaveLength(ranks + 2);
  expect(values.slice(names.length, ranks).every((value) => value === null)).toBe(true);
  return names.map((name, i) => [name, values[i]!]);
}

/** `total` and `error`. */
const readTotals = (state: unknown): (number | null)[] => topk.value(state, callOf(1), 1).slice(1);

const manyOf = (from: number, values: number): string[] =>
  Array.from({ length: values }, (_, i) => `rare ${from + i}`);

test('the most frequent values come first, equal ones by their bytes', () => {
  const state = foldTexts(['b', 'a', 'ﬀ', '😀', 'b', '', 'c', 'c', 'c', '😀', 'ﬀ']);
  expect(readTop(state, 20)).toEqual([
    ['c', 3],
    ['b', 2],
    ['ﬀ', 2],
    ['😀', 2],
    ['', 1],
    ['a', 1],
  ]);
  expect(readTop(state, 2)).toEqual([
    ['c', 3],
    ['b', 2],
  ]);
  expect(readTotals(state)).toEqual([11, 0]);
});

test('what is too long to be a name, and what has none, counts in the total and takes no rank', () => {
  const longest = 'é'.repeat(MOST_BYTES / 2);
  const state = foldTexts([longest, `${longest}!`, `${longest}!`, OTHER, 'a']);
  expect(readTop(state)).toEqual([
    ['a', 1],
    [longest, 1],
  ]);
  expect(readTotals(state)).toEqual([5, 0]);
});

test('a text survives being packed', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { words, bytes } = packText(text);
      expect(words.every((word) => word >= 0 && word < 2 ** 32)).toBe(true);
      expect(words.length).toBeGreaterThan(0);
      expect(unpackText(words, bytes)).toBe(text);
    }),
  );
});

describe('above as many values as have counts', () => {
  const frequent = Array.from({ length: 30 }, (_, i) =>
    Array<string>((i + 1) * 20).fill(`often ${i}`),
  ).flat();

  test('no count is too low, and none higher than the error says', () => {
    for (let seed = 0; seed < 5; seed++) {
      const state = foldTexts([...manyOf(seed * 100_000, 20_000), ...frequent]);
      const [total, error] = readTotals(state);
      expect(total).toBe(20_000 + frequent.length);
      expect(error).toBe(Math.ceil(total! / 512));
      const top = readTop(state, 20);
      expect(top.slice(0, 10).map(([name]) => name.split(' ')[0])).toEqual(Array(10).fill('often'));
      for (const [name, count] of top.filter(([one]) => one.startsWith('often'))) {
        const exact = (Number(name.split(' ')[1]) + 1) * 20;
        expect(count).toBeGreaterThanOrEqual(exact);
        expect(count).toBeLessThanOrEqual(exact + error!);
      }
    }
  });

  test('one value more than have counts is the seam', () => {
    const [full, beyond] = [MOST_VALUES, MOST_VALUES + 1].map((n) => foldTexts(manyOf(0, n)));
    expect(readTotals(full)).toEqual([MOST_VALUES, 0]);
    expect(readTotals(beyond)).toEqual([MOST_VALUES + 1, 3]);
    expect(topk.encode(full).counts).toHaveLength(MOST_VALUES);
  });

  /** Lists of events on either side of the limit, each in a partition of its own. */
  const list = fc
    .tuple(
      fc.constantFrom(0, 3, 600, MOST_VALUES, 1_500, 3_000),
      fc.constantFrom(0, 300, 5_000),
      fc.boolean(),
    )
    .map(([values, from, isSkewed]) => [...manyOf(from, values), ...(isSkewed ? frequent : [])]);
  const lists = fc.array(list, { minLength: 1, maxLength: 4 });

  const mergeAll = (states: readonly unknown[]): State => {
    const into = topk.create();
    for (const state of states) topk.merge(into, state);
    return topk.encode(into);
  };

  test('states are a function of their events: in any order, split and merged in any way', () => {
    fc.assert(
      fc.property(lists, fc.nat(), (texts, cut) => {
        const states = texts.map((own, part) => foldTexts(own, part));
        const whole = mergeAll(states);
        expect(mergeAll(states.toReversed())).toEqual(whole);
        const at = cut % (states.length + 1);
        const halves = [states.slice(0, at), states.slice(at)].map((half) => topk.decode(mergeAll(half)));
        expect(mergeAll(halves)).toEqual(whole);
        const inputs = texts.flatMap((own, part) => inputsOf(own, part)).toReversed();
        expect(topk.encode(foldInputs(topk, inputs))).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  test('a state survives encoding, JSON and decoding, and can then go on', () => {
    fc.assert(
      fc.property(list, list, (texts, more) => {
        const state = foldTexts(texts);
        const sent = topk.encode(state);
        const read = topk.decode(JSON.parse(JSON.stringify(sent)) as State);
        expect(topk.encode(read)).toEqual(sent);
        expect(readTop(read)).toEqual(readTop(state));
        for (const { value, at } of inputsOf(more, 1)) {
          topk.add(state, value, at);
          topk.add(read, value, at);
        }
        expect(topk.encode(read)).toEqual(topk.encode(state));
      }),
      { numRuns: 20 },
    );
  });

  test('a state stays within its bounds, whatever comes', () => {
    const state = topk.create();
    for (const { value, at } of inputsOf(manyOf(0, 50_000))) topk.add(state, `${value}${'!'.repeat(90)}`, at);
    expect(topk.weight!(state)).toBeLessThan(600_000);
    expect(topk.encode(state).keys.length).toBeLessThanOrEqual(MOST_VALUES * (3 + MOST_BYTES / 4));
    expect(topk.encode(state).counts).toHaveLength(8_192);
  });
});
