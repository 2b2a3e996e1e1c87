import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RejectedRecord } from '#contracts/log/rejected-record.ts';
import { type Arrival, groupRefusals, listItems, placeMarks } from './arrival-list.ts';

const refusal = (time: number, code: RejectedRecord['code'] = 'missing_key'): RejectedRecord => ({
  ...{ time, code, message: 'no', body: '' },
});
const arrival = (line: number, arrived: number): Arrival => ({
  ...{ line, arrived, judged: { state: 'waiting' }, testedIn: null },
  row: { time: arrived, event: 'a', text: '' },
});

describe('the list of what came', () => {
  it('makes one of equal refusals that follow each other', () => {
    const records = [refusal(5), refusal(4), refusal(3, 'invalid_json'), refusal(2), refusal(1)];
    expect(groupRefusals(records).map(({ newest, count }) => [newest.time, count])).toEqual([
      [5, 2],
      [3, 1],
      [2, 2],
    ]);
    expect(groupRefusals([refusal(2), { ...refusal(1), agent: 'curl' }])).toHaveLength(2);
  });

  it('has all of them once, the newest first, under names of their own', () => {
    const time = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.array(time), fc.array(time), fc.integer({ min: 1, max: 50 }), (came, refused, most) => {
        const arrivals = came.map((at, i) => arrival(i, at));
        const groups = refused.toSorted((a, b) => b - a).map((at) => ({ newest: refusal(at), count: 1 }));
        const items = listItems(arrivals, groups, most);
        expect(items).toHaveLength(Math.min(most, came.length + refused.length));
        expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
        const times = items.map((item) => item.time);
        expect(times).toEqual(times.toSorted((a, b) => b - a));
      }),
    );
  });

  it('keeps the name of a refusal when newer ones come', () => {
    const older = groupRefusals([refusal(1)]);
    const newer = groupRefusals([{ ...refusal(1), agent: 'curl' }, refusal(1)]);
    expect(listItems([], newer, 9).map(({ id }) => id)).toContain(listItems([], older, 9)[0]!.id);
  });
});

it('places marks on the tape, one a pixel, the newest at its right end', () => {
  const at = { now: 60_000, span: 60_000, width: 600 };
  const received = (time: number) => ({ time, kind: 'received' }) as const;
  expect(placeMarks([received(60_000), received(30_000), received(30_010), received(-1_000)], at)).toEqual([
    { x: 598, kind: 'received' },
    { x: 300, kind: 'received' },
  ]);
  expect(placeMarks([received(30_000), { time: 30_000, kind: 'refused' }], at)).toHaveLength(2);
  // The clock of the page steps, and what has just come may be ahead of it.
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5_000, max: 61_000 })), (times) => {
      const places = placeMarks(times.map(received), at).map(({ x }) => x);
      expect(new Set(places).size).toBe(places.length);
      for (const x of places) expect(x >= 0 && x <= 598).toBe(true);
    }),
  );
});
