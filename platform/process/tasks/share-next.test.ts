import { describe, expect, it } from 'vitest';
import { shareNext } from './share-next.ts';

describe('shareNext', () => {
  it('gives callers that come during a request one shared answer, requested after they came', async () => {
    const asked: PromiseWithResolvers<string>[] = [];
    const ask = shareNext(() => {
      asked.push(Promise.withResolvers());
      return asked.at(-1)!.promise;
    });
    const first = ask('a');
    const [second, third] = [ask('a'), ask('a')];
    expect(asked).toHaveLength(1);
    asked[0]!.resolve('old');
    expect(await first).toBe('old');
    await expect.poll(() => asked.length).toBe(2);
    asked[1]!.resolve('new');
    expect(await Promise.all([second, third])).toEqual(['new', 'new']);
  });

  it('asks for two keys at once, and again after a failure', async () => {
    let calls = 0;
    const ask = shareNext(async (key) => {
      calls += 1;
      if (calls === 1) throw new Error('once');
      return key;
    });
    const first = ask('a');
    const others = [ask('b'), ask('a')];
    await expect(first).rejects.toThrow('once');
    expect(await Promise.all(others)).toEqual(['b', 'a']);
  });
});
