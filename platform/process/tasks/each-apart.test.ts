import { expect, it } from 'vitest';
import { eachApart } from './each-apart.ts';

it('gives every item its turn, and rejects with the first failure', async () => {
  const done: number[] = [];
  const work = async (n: number): Promise<void> => {
    if (n % 2 === 1) throw new Error(`no ${n}`);
    done.push(n);
  };
  await expect(eachApart([0, 1, 2, 3, 4], work)).rejects.toThrow('no 1');
  expect(done).toEqual([0, 2, 4]);
  await eachApart([6, 8], work);
  expect(done).toEqual([0, 2, 4, 6, 8]);
});
