import { describe, expect, it } from 'vitest';
import { createCatchUp } from './catch-up.ts';
import { createReadBack } from './read-back.ts';

describe('createCatchUp', () => {
  it('waits for what was in the topic at the call, not for what came before or after it', async () => {
    const { passed, record } = createReadBack();
    let end = 2;
    const caughtUp = createCatchUp({ readEnd: async () => end, passed }, 10_000);
    let done = false;
    const waiting = caughtUp().then(() => {
      done = true;
    });
    record(0, true);
    await new Promise(setImmediate);
    expect(done).toBe(false);
    end = 3;
    record(1, true);
    await waiting;
    const next = caughtUp();
    record(2, true);
    await next;
  });

  it('is at the end of an empty topic', () =>
    createCatchUp({ readEnd: async () => 0, passed: () => new Promise(() => {}) }, 10_000)());

  it('shares one further request among all callers that come while one is under way', async () => {
    let asked = 0;
    const gate = Promise.withResolvers<void>();
    const readEnd = async () => {
      asked++;
      await gate.promise;
      return 0;
    };
    const caughtUp = createCatchUp({ readEnd, passed: async () => {} }, 10_000);
    const all = Array.from({ length: 100 }, () => caughtUp());
    gate.resolve();
    await Promise.all(all);
    expect(asked).toBe(2);
  });

  it('gives up with a code that says that a retry helps, and passes on what its parts reject with', async () => {
    const never = () => new Promise<never>(() => {});
    const late = createCatchUp({ readEnd: async () => 5, passed: never }, 1);
    await expect(late()).rejects.toMatchObject({ code: 'log_unavailable' });
    const gone = createCatchUp({ readEnd: () => Promise.reject(new Error('gone')), passed: never }, 10_000);
    await expect(gone()).rejects.toThrow('gone');
  });
});
