import { describe, expect, it, vi } from 'vitest';
import { createFlusher } from './frame-pacer.ts';

const HOUR = 3_600_000;
const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A flusher whose flushes end when they are told to. */
function setUp(every = 0) {
  const flushes: { all: boolean; end: () => void }[] = [];
  const flush = (all: boolean) => new Promise<void>((end) => flushes.push({ all, end }));
  return { flushes, flusher: createFlusher(flush, every, () => {}) };
}

describe('flusher', () => {
  it('flushes at once after quiet, then no sooner than its pace', async () => {
    const { flushes, flusher } = setUp(HOUR);
    flusher.request();
    flushes[0]!.end();
    await turns();
    flusher.request();
    await turns();
    expect(flushes).toHaveLength(1);
    await flusher.close();
  });

  it('runs one at a time, and one more for all that was asked for meanwhile', async () => {
    const { flushes, flusher } = setUp();
    for (let i = 0; i < 5; i++) flusher.request();
    expect(flushes).toHaveLength(1);
    flushes[0]!.end();
    await vi.waitFor(() => expect(flushes).toHaveLength(2));
    flushes[1]!.end();
    await turns();
    expect(flushes).toHaveLength(2);
  });

  it('flushes all after the one that runs, however much else is asked for', async () => {
    const { flushes, flusher } = setUp();
    flusher.request();
    const whole = flusher.all();
    flusher.request();
    flushes[0]!.end();
    await vi.waitFor(() => expect(flushes.map(({ all }) => all)).toEqual([false, true]));
    flusher.request();
    flushes[1]!.end();
    await whole;
  });

  it('begins nothing once it is closed, and closes when the last has ended', async () => {
    const { flushes, flusher } = setUp();
    flusher.request();
    flusher.request();
    const closed = flusher.close();
    flushes[0]!.end();
    await closed;
    await turns();
    flusher.request();
    await flusher.all();
    expect(flushes).toHaveLength(1);
  });
});
