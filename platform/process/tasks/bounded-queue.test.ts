import { expect, test } from 'vitest';
import { createBoundedQueue } from './bounded-queue.ts';

const full = (most: number) => ({ code: 'store_unavailable' as const, message: `${most} wait already.` });

test('jobs run one at a time, in order, also after one failed', async () => {
  const queue = createBoundedQueue(10, full);
  const seen: string[] = [];
  const job =
    (name: string, fail = false) =>
    async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (fail) throw new Error(name);
      return name;
    };
  const results = await Promise.allSettled([
    queue.run(job('a')),
    queue.run(job('b', true)),
    queue.run(job('c')),
  ]);
  expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(queue.load).toBe(0);
});

test('more than the bound is refused at once, and taken again later', async () => {
  const queue = createBoundedQueue(2, full);
  let release = (): void => {};
  const held = queue.run(() => new Promise<void>((resolve) => (release = resolve)));
  const waiting = queue.run(async () => 'waited');
  await expect(queue.run(async () => 'too many')).rejects.toMatchObject(full(2));
  release();
  await held;
  expect(await waiting).toBe('waited');
  expect(await queue.run(async () => 'again')).toBe('again');
  await queue.idle();
});
