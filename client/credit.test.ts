import { expect, it } from 'vitest';
import { createCredit } from './credit.ts';
import { createFakeTime } from './testing/fake-time.ts';

function setUp() {
  const time = createFakeTime();
  const acks: number[] = [];
  const credit = createCredit(time);
  credit.reset((to) => acks.push(to));
  return { time, acks, credit };
}

it('acknowledges every four frames at once, and fewer within 250 ms', () => {
  const { time, acks, credit } = setUp();
  for (const to of [1, 2, 3, 4, 5]) credit.received(to);
  expect(acks).toEqual([4]);
  time.pass(250);
  expect(acks).toEqual([4, 5]);
  time.pass(10_000);
  expect(acks).toEqual([4, 5]);
});

it('acknowledges the highest position also after one that stood still', () => {
  const { time, acks, credit } = setUp();
  credit.received(9);
  time.pass(250);
  credit.received(7);
  time.pass(250);
  expect(acks).toEqual([9, 9]);
});

it('owes nothing to a wire that is gone', () => {
  const { time, acks, credit } = setUp();
  credit.received(9);
  credit.reset(null);
  time.pass(1_000);
  const next: number[] = [];
  credit.reset((to) => next.push(to));
  credit.received(3);
  time.pass(1_000);
  expect([acks, next]).toEqual([[], [3]]);
});
