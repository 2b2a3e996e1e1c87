import { describe, expect, it, vi } from 'vitest';
import { createFramePacer } from './frame-pacer.ts';

const HOUR = 3_600_000;
const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A frame pacer; the test ends its flushes. */
function setUp(every = 0) {
  const flushes: { all: boolean; end: () => void }[] = [];
  const flush = (all: boolean) => new Promise<void>((end) => flushes.push({ all, end }));
  return { flushes, framePacer: createFramePacer(flush, every, () => {}) };
}

describe('framePacer', () => {
  it('flushes at once after quiet, then no sooner than its pace', async () => {
    const { flushes, framePacer } = setUp(HOUR);
    framePacer.request();
    flushes[0]!.end();
    await turns();
    framePacer.request();
    await turns();
    expect(flushes).toHaveLength(1);
    await framePacer.close();
  });

  it('runs one at a time, and one more for all that was asked for meanwhile', async () => {
    const { flushes, framePacer } = setUp();
    for (let i = 0; i < 5; i++) framePacer.request();
    expect(flushes).toHaveLength(1);
    flushes[0]!.end();
    await vi.waitFor(() => expect(flushes).toHaveLength(2));
    flushes[1]!.end();
    await turns();
    expect(flushes).toHaveLength(2);
  });

  it('flushes all after the one that runs, however much else is asked for', async () => {
    const { flushes, framePacer } = setUp();
    framePacer.request();
    const whole = framePacer.all();
    framePacer.request();
    flushes[0]!.end();
    await vi.waitFor(() => expect(flushes.map(({ all }) => all)).toEqual([false, true]));
    framePacer.request();
    flushes[1]!.end();
    await whole;
  });

  it('begins nothing once it is closed, and closes when the last has ended', async () => {
    const { flushes, framePacer } = setUp();
    framePacer.request();
    framePacer.request();
    const closed = framePacer.close();
    flushes[0]!.end();
    await closed;
    await turns();
    framePacer.request();
    await framePacer.all();
    expect(flushes).toHaveLength(1);
  });
});
