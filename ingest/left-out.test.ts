import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LeftOutRecord } from '#contracts/log/rejected-record.ts';
import { createLeftOut, type LeftOut } from './left-out.ts';

let now: number;
let written: LeftOutRecord[];
let leftOut: LeftOut;
beforeEach(() => {
  vi.useFakeTimers();
  now = 1_000;
  written = [];
  leftOut = createLeftOut({ clock: () => now, every: 10_000 }, (record) => void written.push(record));
});
afterEach(() => {
  vi.useRealTimers();
});

it('says once in a while what was added since the last time, and nothing where there is nothing', () => {
  for (let i = 0; i < 5_000; i++) {
    leftOut.add('invalid_key', 2);
    now++;
  }
  leftOut.add('invalid_json', 1);
  vi.advanceTimersByTime(9_999);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1);
  const first = { since: 1_000, time: 6_000, leftOut: { invalid_key: 10_000, invalid_json: 1 } };
  expect(written).toEqual([first]);
  vi.advanceTimersByTime(100_000);
  expect(written).toHaveLength(1);
  now = 70_000;
  leftOut.add('invalid_key', 1);
  vi.advanceTimersByTime(10_000);
  expect(written).toEqual([first, { since: 70_000, time: 70_000, leftOut: { invalid_key: 1 } }]);
});

it('says at once what it is asked for, and says again what could not be written', () => {
  leftOut.add('invalid_key', 3);
  leftOut.say();
  now = 2_000;
  leftOut.add('invalid_key', 4);
  leftOut.restore(written[0]!);
  leftOut.say();
  expect(written.at(-1)).toEqual({ since: 1_000, time: 2_000, leftOut: { invalid_key: 7 } });
  leftOut.say();
  vi.advanceTimersByTime(100_000);
  expect(written).toHaveLength(2);
});

it('waits no more once it is stopped', () => {
  leftOut.add('invalid_key', 1);
  leftOut.stop();
  expect(vi.getTimerCount()).toBe(0);
  leftOut.add('invalid_key', 1);
  expect(vi.getTimerCount()).toBe(1);
});
