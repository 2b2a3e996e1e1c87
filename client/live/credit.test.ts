import { expect, it } from 'vitest';
import { createFakeTime } from '../testing/fake-time.ts';
import { createCredit } from './credit.ts';

function setUp() {
  const time = createFakeTime();
  const acks: number[] = [];
  const credit = createCredit(time);
  credit.reset((to) => acks.push(to));
  const receive = (to: number, cells = 1): void =>
    credit.received({ to, views: [{ at: Array(cells).fill(0) } as never] });
  return { time, acks, credit, receive };
}

it('acknowledges small frames together, a second after the first of them', () => {
  const { time, acks, receive } = setUp();
  for (const to of [1, 2, 3, 4, 5]) receive(to);
  time.pass(999);
  expect(acks).toEqual([]);
  time.pass(1);
  expect(acks).toEqual([5]);
  time.pass(10_000);
  expect(acks).toEqual([5]);
});

it('acknowledges at once when frames add up to 2,000 cells, and counts again from zero', () => {
  const { time, acks, receive } = setUp();
  receive(1, 1_500);
  receive(2, 500);
  expect(acks).toEqual([2]);
  receive(3, 1_999);
  expect(acks).toEqual([2]);
  time.pass(1_000);
  expect(acks).toEqual([2, 3]);
});

it('acknowledges the highest position also after one that stood still', () => {
  const { time, acks, receive } = setUp();
  receive(9);
  time.pass(1_000);
  receive(7);
  time.pass(1_000);
  expect(acks).toEqual([9, 9]);
});

it('owes nothing to a wire that is gone', () => {
  const { time, acks, credit, receive } = setUp();
  receive(9, 1_900);
  credit.reset(null);
  time.pass(2_000);
  const next: number[] = [];
  credit.reset((to) => next.push(to));
  receive(3, 1_900);
  time.pass(2_000);
  expect([acks, next]).toEqual([[], [3]]);
});
