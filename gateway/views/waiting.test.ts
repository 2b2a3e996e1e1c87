import { expect, it } from 'vitest';
import { createWaiting } from './waiting.ts';

const LONG = 60_000;
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('asks those alone who wait for what has happened', async () => {
  const waiting = createWaiting();
  const asked = { a: 0, b: 0 };
  let isThere = false;
  const one = waiting.until({ of: ['a'], is: () => ++asked.a > 1 && isThere, ms: LONG });
  const others = Array.from({ length: 5_000 }, () =>
    waiting.until({ of: ['b'], is: () => ++asked.b < 0, ms: LONG }),
  );
  expect(asked).toEqual({ a: 1, b: 5_000 });
  waiting.call('a');
  isThere = true;
  waiting.call('a');
  await one;
  expect(asked.b).toBe(5_000);
  expect(waiting.size).toBe(5_000);
  waiting.close();
  await Promise.all(others);
  expect(waiting.size).toBe(0);
});

it('asks a few in a turn of the event loop, however many wait for the same', async () => {
  const waiting = createWaiting();
  let asked = 0;
  const all = Array.from({ length: 2_000 }, () =>
    waiting.until({ of: ['a'], is: () => asked++ >= 2_000, ms: LONG }),
  );
  waiting.call('a');
  let most = 0;
  for (let before = asked; waiting.size > 0; before = asked) {
    await turn();
    most = Math.max(most, asked - before);
  }
  await Promise.all(all);
  expect(most).toBeLessThanOrEqual(200);
});

it('goes on with the time, with who has gone, and at the close', async () => {
  const waiting = createWaiting();
  const gone = new AbortController();
  const never = { of: ['a'], is: () => false };
  await waiting.until({ ...never, ms: 1 });
  const left = waiting.until({ ...never, ms: LONG, gone: gone.signal });
  gone.abort();
  await left;
  const closed = waiting.until({ ...never, ms: LONG });
  waiting.close();
  await closed;
  await waiting.until({ ...never, ms: LONG });
  expect(waiting.size).toBe(0);
});
