import { expect, it } from 'vitest';
import { keepAnswers } from './kept-answers.ts';

function setUp() {
  let time = 0;
  let asked = 0;
  const kept = keepAnswers<number>({ ms: 10, most: 2, now: () => time });
  return {
    get: (key = 'a') => kept.get(key, async () => ++asked),
    fail: (key = 'a') => kept.get(key, async () => Promise.reject(new Error(`failed ${++asked}`))),
    pass: (ms: number) => (time += ms),
    forget: kept.forget,
  };
}

it('answers for a while from what was answered, then asks again', async () => {
  const { get, pass } = setUp();
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  pass(9);
  expect(await get()).toBe(1);
  pass(1);
  expect(await get()).toBe(2);
  expect(await get('b')).toBe(3);
});

it('keeps no failure', async () => {
  const { get, fail } = setUp();
  await expect(fail()).rejects.toThrow('failed 1');
  expect(await get()).toBe(2);
});

it('a failure that comes late takes no newer answer with it', async () => {
  let time = 0;
  const kept = keepAnswers<number>({ ms: 10, most: 2, now: () => time });
  const { promise, reject } = Promise.withResolvers<number>();
  const first = kept.get('a', () => promise);
  time = 20;
  expect(await kept.get('a', async () => 2)).toBe(2);
  reject(new Error('late'));
  await expect(first).rejects.toThrow('late');
  expect(await kept.get('a', async () => 3)).toBe(2);
});

it('holds no more keys than it may, and forgets', async () => {
  const { get, forget } = setUp();
  expect([await get('a'), await get('b'), await get('c'), await get('a')]).toEqual([1, 2, 3, 4]);
  forget();
  expect(await get('a')).toBe(5);
});
