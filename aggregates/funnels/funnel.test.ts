import { describe, expect, test } from 'vitest';
import { parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { MOST_KEYS } from '../keys/key-sample.ts';
import { checkAggregate } from '../registry.ts';
import { funnel } from './funnel.ts';
import { progressOf } from './key-progress.ts';

function checked(text: string) {
  const call = parseAggregate(text);
  return call.ok ? checkAggregate(call.value) : call;
}

function callOf(text: string) {
  const call = checked(text);
  if (!call.ok) throw new Error(call.fault.message);
  return call.value;
}

const CALL = callOf('funnel(1d, page = a, page = b, page = c)');
const AT = { ts: 0, part: 0, offset: 0, index: 0 };

/** Adds for each key how far it comes, as a sequence of its own contributes it. */
function stateOf(keys: readonly [key: string, step: number, time: number | null][]) {
  const state = funnel.create();
  for (const [key, step, time] of keys) {
    const point = { ts: 0, offset: 0, index: 0, value: 1 };
    const [, own] = funnel.sequence!.insert([point], 0, { hold: 1, pane: 1, key, call: CALL });
    const [first, second] = own!.value as readonly number[];
    funnel.add(state, [first!, second!, progressOf(step, time)], AT);
  }
  return state;
}

describe('a funnel', () => {
  test.each([
    ['funnel', 'invalid_definition', 'a duration, then 2 to 10 conditions'],
    ['funnel(30m)', 'invalid_definition', 'a duration, then 2 to 10 conditions'],
    ['funnel(page = a, page = b)', 'invalid_definition', 'a duration, then 2 to 10 conditions'],
    ['funnel(30m, page = a)', 'invalid_definition', 'a duration, then 2 to 10 conditions'],
    [
      `funnel(30m, ${Array(11).fill('page = a').join(', ')})`,
      'invalid_definition',
      'a duration, then 2 to 10 conditions',
    ],
    ['funnel(30m, page = a, page ~ b)', 'invalid_filter', 'condition 2 of funnel'],
    ['funnel(999ms, page = a, page = b)', 'out_of_range', 'within 1s to 1d of the first, got 999ms'],
    ['funnel(2d, page = a, page = b)', 'out_of_range', 'within 1s to 1d of the first, got 2d'],
  ])('refuses %s', (text, code, message) => {
    const found = checked(text);
    expect(found).toMatchObject({ ok: false, fault: { code, field: 'aggregate' } });
    expect(found.ok ? '' : found.fault.message).toContain(message);
  });

  test('counts a key once, as far as it came and by its shortest time', () => {
    const state = stateOf([
      ['ann', 1, null],
      ['ann', 3, 9_000],
      ['ann', 3, 4_000],
      ['ann', 2, null],
      ['bob', 2, null],
      ['cem', 3, 0],
      ['dan', 3, 86_400_000],
      ['eve', 3, 7_000],
    ]);
    // Of four times the lower one of the two in the middle.
    expect(funnel.value(state, CALL, 1_000)).toEqual([5, 5, 4, 4]);
    expect(funnel.outputs(CALL)).toEqual(['step1', 'step2', 'step3', 'duration']);
  });

  test('has no values without an entry, and no time where none came through', () => {
    expect(funnel.value(funnel.create(), CALL, 1_000)).toEqual([null, null, null, null]);
    expect(funnel.value(stateOf([['ann', 2, null]]), CALL, 1_000)).toEqual([1, 1, 0, null]);
  });

  test('is exact up to its limit, near above it, and no step is larger than the one before', () => {
    const come = (keys: number) =>
      stateOf(
        Array.from({ length: keys }, (_, i) => {
          const step = i % 4 === 0 ? 3 : i % 2 === 0 ? 2 : 1;
          const own: [string, number, number | null] = [
            `key ${i}`,
            step,
            step === 3 ? (i % 1_000) * 10 : null,
          ];
          return own;
        }),
      );
    const exact = funnel.value(come(MOST_KEYS), CALL, 1_000);
    expect(exact.slice(0, 3)).toEqual([MOST_KEYS, MOST_KEYS / 2, MOST_KEYS / 4]);
    const [all, second, third, median] = funnel.value(come(50_000), CALL, 1_000) as number[];
    // Four standard errors, of 2,048 keys, half and a quarter of them.
    expect(Math.abs(all! / 50_000 - 1)).toBeLessThan(4 / Math.sqrt(2_048));
    expect(Math.abs(second! / 25_000 - 1)).toBeLessThan(4 / Math.sqrt(1_024));
    expect(Math.abs(third! / 12_500 - 1)).toBeLessThan(4 / Math.sqrt(512));
    expect(Math.abs(median! / 4.98 - 1)).toBeLessThan(0.25);
    for (let keys = 2_040; keys < 2_060; keys++) {
      const [a, b, c] = funnel.value(come(keys), CALL, 1_000) as number[];
      expect(a! >= b! && b! >= c!).toBe(true);
    }
  });
});
