import { beforeEach, expect, it } from 'vitest';
import { createKeySource, type GivenKey } from './key-source.ts';

let errors: unknown[];
const open = (given: GivenKey) => createKeySource(given, (error) => errors.push(error));
beforeEach(() => {
  errors = [];
});

it('knows a plain key at once, and has no function to ask', async () => {
  const keys = open('a');
  expect([keys.current, keys.renew()]).toEqual(['a', null]);
  expect(await keys.hasAnother('a')).toBe(false);
});

it('knows none where none was given', async () => {
  const keys = open(null);
  expect([keys.current, keys.renew()]).toEqual([undefined, null]);
  expect(await keys.hasAnother(undefined)).toBe(false);
});

it('asks a function each time, and keeps what it said last', async () => {
  let n = 0;
  const keys = open(async () => `key-${++n}`);
  expect(keys.current).toBeUndefined();
  expect(await keys.renew()).toBe(true);
  expect(keys.current).toBe('key-1');
  expect(await keys.hasAnother('key-1')).toBe(true);
  expect(keys.current).toBe('key-2');
});

it('has no other key where the function says the same again', async () => {
  const keys = open(() => 'same');
  await keys.renew();
  expect(await keys.hasAnother('same')).toBe(false);
});

it.each([
  ['throws', () => Promise.reject(new Error('away'))],
  ['gives no text', () => undefined as unknown as string],
])('reports a function that %s, keeps the key it had, and may have another one later', async (_, give) => {
  let fails = false;
  const keys = open(() => (fails ? give() : 'first'));
  await keys.renew();
  fails = true;
  expect(await keys.renew()).toBe(false);
  expect(keys.current).toBe('first');
  expect(await keys.hasAnother('first')).toBe(true);
  expect(errors).toHaveLength(2);
});

it('does not take what an earlier function says late', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const keys = open(() => promise);
  const asked = keys.renew();
  keys.set('newer');
  resolve('older');
  await asked;
  expect(keys.current).toBe('newer');
});

it('has another key where one was set while the first was on its way', async () => {
  const keys = open('first');
  keys.set('second');
  expect(await keys.hasAnother('first')).toBe(true);
  expect(await keys.hasAnother('second')).toBe(false);
});
