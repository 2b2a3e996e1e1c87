import { expect, it } from 'vitest';
import { holdData } from './hold-data.ts';

/** A Log and a Store that record the steps done with them, one of which may fail. */
function parts(failing: string): { steps: string[]; hold: () => ReturnType<typeof holdData> } {
  const steps: string[] = [];
  const step = (name: string): void => {
    if (name === failing) throw new Error(name);
    steps.push(name);
  };
  const log = {
    async holdRetention() {
      step('retention held');
      return () => step('retention goes on');
    },
    async snapshot() {
      step('log pinned');
      return { file: 'f', bytes: 1, head: Buffer.alloc(0), release: () => step('log released') };
    },
  };
  const store = {
    async freeze() {
      step('store frozen');
      return { folder: 's', release: async () => step('store released') };
    },
  };
  return { steps, hold: () => holdData(log, store) };
}

it('keeps the Store before the Log, and retention away from both', async () => {
  const { steps, hold } = parts('');
  const held = await hold();
  expect(steps).toEqual(['retention held', 'store frozen', 'log pinned']);
  await held.release();
  await held.release();
  expect(steps.slice(3)).toEqual(['log released', 'store released', 'retention goes on']);
});

it.each([
  ['store frozen', ['retention held', 'retention goes on']],
  ['log pinned', ['retention held', 'store frozen', 'store released', 'retention goes on']],
])('releases what it holds when this fails: %s', async (failing, expected) => {
  const { steps, hold } = parts(failing);
  await expect(hold()).rejects.toThrow(failing);
  expect(steps).toEqual(expected);
});

it('releases the rest when one release fails', async () => {
  const { steps, hold } = parts('store released');
  const held = await hold();
  await expect(held.release()).rejects.toThrow('store released');
  expect(steps.at(-1)).toBe('retention goes on');
});
