import { expect, it } from 'vitest';
import type { EventPosition, EventVerdict } from '#contracts/metric/verdict.ts';
import type { TailRow } from '#contracts/view/protocol.ts';
import { createVerdictQueue, type Judged } from './verdict-queue.ts';

const at = (offset: number): EventPosition => ({ partition: 0, offset, index: 0 });
const row = (offset: number, more: Partial<TailRow> = {}): TailRow => ({
  ...{ time: 5, event: 'a', text: '', position: at(offset) },
  ...more,
});
const verdict = (offset: number): EventVerdict => ({
  ...{ event: 'a', position: at(offset), partition: 0, metrics: [] },
});
/** Positions that are archived, and how often each was asked for. */
function start(archived: ReadonlySet<number>, first: EventPosition | null = null) {
  const asked: number[] = [];
  const waits: (() => void)[] = [];
  const queue = createVerdictQueue(
    {
      async verdictAt({ offset }) {
        asked.push(offset);
        return archived.has(offset) ? verdict(offset) : null;
      },
      verdictOf: async () => ({
        ...{ event: 'a', position: null, partition: 0, metrics: [] },
        ...(first === null ? {} : { duplicate: first }),
      }),
    },
    () => new Promise((resolve) => waits.push(() => resolve())),
  );
  /** Lets all that waits go on until nothing does. */
  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < 20; quiet++) {
      const next = waits.shift();
      if (next !== undefined) quiet = 0;
      next?.();
      await Promise.resolve();
    }
  };
  return { queue, asked, settle };
}

it('asks until the event is in the archive', async () => {
  const archived = new Set<number>();
  const { queue, asked, settle } = start(archived);
  const got: Judged[] = [];
  queue.ask(row(1), (one) => got.push(one));
  archived.add(1);
  await settle();
  expect(got).toEqual([{ state: 'known', verdict: verdict(1) }]);
  expect(asked).toEqual([1]);
});

it('gives up after some tries', async () => {
  const { queue, asked, settle } = start(new Set());
  const got: Judged[] = [];
  queue.ask(row(1), (one) => got.push(one));
  await settle();
  expect(got).toMatchObject([{ state: 'unknown', cause: 'not archived' }]);
  expect(asked.length).toBe(8);
});

it('knows a repeat by the event that it repeats, and not the event by itself', async () => {
  const repeated = start(new Set(), at(0));
  const got: Judged[] = [];
  repeated.queue.ask(row(1, { id: 'x' }), (one) => got.push(one));
  await repeated.settle();
  expect(got).toEqual([{ state: 'repeat', of: at(0) }]);
  const own = start(new Set(), at(1));
  own.queue.ask(row(1, { id: 'x' }), (one) => got.push(one));
  await own.settle();
  expect(got[1]).toMatchObject({ state: 'unknown', cause: 'not archived' });
});

it('asks for the newest of a flood, and says of the others that it did not', async () => {
  const all = Array.from({ length: 40 }, (_, i) => i);
  const { queue, asked, settle } = start(new Set(all));
  const got = new Map<number, Judged['state']>();
  for (const i of all) queue.ask(row(i), ({ state }) => got.set(i, state));
  await settle();
  expect(got.size).toBe(40);
  expect([...got.values()].filter((state) => state === 'known').length).toBe(asked.length);
  expect(asked.length).toBeLessThan(20);
  expect(got.get(39)).toBe('known');
});

it('is silent once it is closed, and says why the server does not answer', async () => {
  const { queue, settle } = start(new Set([1]));
  const got: Judged[] = [];
  queue.ask(row(1), (one) => got.push(one));
  queue.close();
  await settle();
  expect(got).toEqual([]);
  const failing = createVerdictQueue(
    {
      verdictAt: () => Promise.reject(new Error('The Store does not answer.')),
      verdictOf: async () => verdict(1),
    },
    async () => {},
  );
  const told = await new Promise<Judged>((resolve) => failing.ask(row(1), resolve));
  expect(told).toMatchObject({ state: 'unknown', cause: 'refused', message: 'The Store does not answer.' });
});
