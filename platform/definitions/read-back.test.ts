import { describe, expect, it } from 'vitest';
import { createReadBack } from './read-back.ts';

describe('createReadBack', () => {
  it('returns whether its own record was applied, read before or after the append resolves', async () => {
    const readBack = createReadBack();
    const early = readBack.follow(async () => {
      readBack.record(0, true);
      readBack.record(1, false);
      return 1;
    });
    expect(await early).toEqual({ applied: false, offset: 1 });
    const late = readBack.follow(async () => 2);
    readBack.record(2, true);
    expect(await late).toEqual({ applied: true, offset: 2 });
  });

  it('waits until a position is passed', async () => {
    const readBack = createReadBack();
    let passed = false;
    const waiting = readBack.passed(3).then(() => {
      passed = true;
    });
    for (const offset of [0, 1, 2]) readBack.record(offset, true);
    await Promise.resolve();
    expect(passed).toBe(false);
    readBack.record(3, true);
    await waiting;
    await readBack.passed(3);
  });

  it('rejects those that wait and those that come when the reader has ended, and an append that fails itself', async () => {
    const readBack = createReadBack();
    const gone = new Error('gone');
    const waiting = [readBack.passed(5), readBack.follow(async () => 7)];
    await Promise.resolve();
    readBack.end(gone);
    readBack.end(new Error('later'));
    for (const outcome of await Promise.allSettled(waiting))
      expect(outcome).toEqual({ status: 'rejected', reason: gone });
    await expect(readBack.follow(async () => 8)).rejects.toBe(gone);
    await expect(createReadBack().follow(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
  });
});
