import { setTimeout as sleep, setImmediate as turnOfLoop } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { awaitTurn, nextTurn, runInTurns } from './turns.ts';

/** Takes the time of the CPU, ms. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Turns of the loop, from the call until `end`. */
function countTurns(): { end(): number } {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  return {
    end() {
      isOver = true;
      return turns;
    },
  };
}

function* steps(count: number, ms: number): Generator<void, string> {
  for (let i = 0; i < count; i++) {
    work(ms);
    yield;
  }
  return 'done';
}

describe('work in slices', () => {
  it('gives the result, whatever the number of steps', async () => {
    expect(await runInTurns(steps(0, 0))).toBe('done');
    expect(await runInTurns(steps(50, 1))).toBe('done');
  });

  it('of many at once takes a turn of the loop together, not one each', async () => {
    await turnOfLoop();
    const turns = countTurns();
    // 20 × 10 ms; a turn takes a few ms, a step 1 ms and a busy machine what it likes.
    await Promise.all(Array.from({ length: 20 }, () => runInTurns(steps(10, 1))));
    expect(turns.end()).toBeGreaterThanOrEqual(8);
  });

  it('of many that are short shares a turn', async () => {
    await turnOfLoop();
    const turns = countTurns();
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 1_000 }, async (_, i) => {
        await nextTurn();
        order.push(i);
      }),
    );
    expect(turns.end()).toBeLessThan(500);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('lets sockets and timers in between', async () => {
    const seen: string[] = [];
    const long = runInTurns(steps(200, 1)).then(() => seen.push('work'));
    await sleep(1);
    seen.push('timer');
    await long;
    expect(seen).toEqual(['timer', 'work']);
  });

  it('lets short work in before the end of long work', async () => {
    const seen: string[] = [];
    const long = runInTurns(steps(200, 1)).then(() => seen.push('long'));
    const short = nextTurn().then(() => seen.push('short'));
    await Promise.all([long, short]);
    expect(seen).toEqual(['short', 'long']);
  });

  it('goes on at once while a turn lasts', async () => {
    await turnOfLoop();
    const turns = countTurns();
    for (let i = 0; i < 100; i++) await awaitTurn();
    expect(turns.end()).toBeLessThan(20);
  });

  it('leaves nothing behind that fails others', async () => {
    const fails = runInTurns(
      (function* () {
        yield;
        throw new Error('of this work');
      })(),
    );
    const others = Array.from({ length: 10 }, () => runInTurns(steps(5, 1)));
    await expect(fails).rejects.toThrow('of this work');
    expect(await Promise.all(others)).toEqual(Array.from({ length: 10 }, () => 'done'));
  });
});
