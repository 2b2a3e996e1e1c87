import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutSlice } from './cut-slice.ts';

const STEP = 60;

it('cuts a range into slices that hold no more events than they may, unless a step alone does', async () => {
  const times = fc.array(fc.integer({ min: 0, max: 100 * STEP - 1 }), { maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(
      times,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 9_000 }),
      async (at, most, length) => {
        let looks = 0;
        let total = 0;
        let end = 100 * STEP;
        while (end > 0) {
          const { from, events } = await cutSlice({
            ...{ end, floor: 0, step: STEP, most, length },
            count: async (first, last) => {
              looks += 1;
              return at.filter((time) => time >= first && time < last).length;
            },
          });
          expect(from % STEP).toBe(0);
          expect(from).toBeLessThan(end);
          if (end - from > STEP) expect(events).toBeLessThanOrEqual(most);
          total += events;
          end = from;
        }
        expect(total).toBe(at.length);
        expect(looks).toBeLessThan(2_000);
      },
    ),
  );
});

it('looks at few lengths where events are evenly spread', async () => {
  const looked: number[] = [];
  const day = 86_400_000;
  const { from, events } = await cutSlice({
    ...{ end: day, floor: 0, step: 60_000, most: 1_000_000, length: 60_000 },
    count: async (first, last) => {
      looked.push(last - first);
      return Math.round((last - first) / 8.64);
    },
  });
  expect(looked.length).toBeLessThan(6);
  expect(events).toBeGreaterThan(500_000);
  expect(day - from).toBeLessThanOrEqual(8_640_000);
});

it('goes to the end of what is empty, and begins nowhere before it', async () => {
  const count = async () => 0;
  const bounds = { end: 1_000, floor: 30, step: 10, most: 5, length: 10, count };
  expect(await cutSlice(bounds)).toEqual({ from: 30, events: 0 });
});
