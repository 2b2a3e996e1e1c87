import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createMessageQueue } from './message-queue.ts';

/** Takes the time of the CPU, ms. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it('handles messages that arrive in one piece in turns and in order, even where one of them throws', async () => {
  const failed: unknown[] = [];
  const queue = createMessageQueue((error) => void failed.push(error));
  const seen: number[] = [];
  await turnOfLoop();
  await turnOfLoop();
  for (let i = 0; i < 100; i++) {
    queue.add(() => {
      work(1);
      if (i === 50) throw new Error('of this one');
      seen.push(i);
    });
  }
  // All of it would be 100 ms.
  expect(seen.length).toBeLessThan(60);
  let turns = 0;
  while (seen.length < 99) {
    await turnOfLoop();
    turns++;
  }
  expect(turns).toBeGreaterThan(3);
  expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i).filter((i) => i !== 50));
  expect(failed).toMatchObject([{ message: 'of this one' }]);
});

it('drops waiting messages when the connection is gone, and handles later ones in their order', async () => {
  const queue = createMessageQueue(() => {});
  const seen: string[] = [];
  // In a turn of which no time has been used yet.
  await turnOfLoop();
  await turnOfLoop();
  queue.add(() => {
    work(30);
    seen.push('first');
  });
  queue.add(() => void seen.push('dropped'));
  queue.close();
  queue.add(() => void seen.push('after'));
  while (!seen.includes('after')) await turnOfLoop();
  expect(seen).toEqual(['first', 'after']);
});
