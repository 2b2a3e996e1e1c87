import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createOneAtATime } from './one-at-a-time.ts';

it('does one after the other in the order of the calls; a failure does not stop the next', async () => {
  const turns = createOneAtATime();
  const seen: string[] = [];
  const work = (name: string, ms: number) =>
    turns.run(async () => {
      seen.push(`${name} begins`);
      await sleep(ms);
      seen.push(`${name} ends`);
      return name;
    });
  const first = work('a', 5);
  const fails = turns.run(() => {
    throw new Error('of this work');
  });
  const last = work('b', 0);
  await expect(fails).rejects.toThrow('of this work');
  expect(await Promise.all([first, last])).toEqual(['a', 'b']);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

it('rests when nothing is under way, also where work gave it more', async () => {
  const turns = createOneAtATime();
  let inner = false;
  void turns.run(() => {
    void turns.run(async () => {
      await sleep(1);
      inner = true;
    });
  });
  await turns.rest();
  expect(inner).toBe(true);
});
