import { expect, it } from 'vitest';
import { createWaitList } from './wait-list.ts';

const LONG = 60_000;
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('checks only conditions of the topic that was notified', async () => {
  const waitList = createWaitList();
  const asked = { a: 0, b: 0 };
  let isThere = false;
  const one = waitList.until({ topics: ['a'], condition: () => ++asked.a > 1 && isThere, timeout: LONG });
  const others = Array.from({ length: 5_000 }, () =>
    waitList.until({ topics: ['b'], condition: () => ++asked.b < 0, timeout: LONG }),
  );
  expect(asked).toEqual({ a: 1, b: 5_000 });
  waitList.notify('a');
  isThere = true;
  waitList.notify('a');
  await one;
  expect(asked.b).toBe(5_000);
  expect(waitList.size).toBe(5_000);
  waitList.close();
  await Promise.all(others);
  expect(waitList.size).toBe(0);
});

it('checks a bounded number of conditions in a turn of the event loop', async () => {
  const waitList = createWaitList();
  let asked = 0;
  const all = Array.from({ length: 2_000 }, () =>
    waitList.until({ topics: ['a'], condition: () => asked++ >= 2_000, timeout: LONG }),
  );
  waitList.notify('a');
  let most = 0;
  for (let before = asked; waitList.size > 0; before = asked) {
    await turn();
    most = Math.max(most, asked - before);
  }
  await Promise.all(all);
  expect(most).toBeLessThanOrEqual(200);
});

it('ends a wait after its timeout, on abort and at close', async () => {
  const waitList = createWaitList();
  const gone = new AbortController();
  const never = { topics: ['a'], condition: () => false };
  await waitList.until({ ...never, timeout: 1 });
  const left = waitList.until({ ...never, timeout: LONG, signal: gone.signal });
  gone.abort();
  await left;
  const closed = waitList.until({ ...never, timeout: LONG });
  waitList.close();
  await closed;
  await waitList.until({ ...never, timeout: LONG });
  expect(waitList.size).toBe(0);
});
