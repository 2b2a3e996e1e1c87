import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWindow, type ViewWindow } from './view-window.ts';
import { WindowChanges } from './window-changes.ts';

const WINDOWS = 12;
const step = fc.record({
  at: fc.nat(WINDOWS - 1),
  /** Marks rise, stay, and now and then fall. */
  by: fc.constantFrom(0, 0, 1, 1, 3, -1),
  does: fc.constantFrom('note', 'note', 'note', 'forget'),
});

it('yields the windows that changed since any cursor, once each, the last one first', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const changes = new WindowChanges();
      const windows = Array.from({ length: WINDOWS }, (_, i) => createWindow(i, i + 1));
      let noted: ViewWindow[] = [];
      let mark = 0;
      for (const { at, by, does } of steps) {
        const window = windows[at]!;
        mark = Math.max(0, mark + by);
        const isNews = does === 'note' && (!noted.includes(window) || window.mark !== mark);
        if (isNews || does === 'forget') noted = noted.filter((one) => one !== window);
        if (isNews) noted.push(window);
        if (does === 'note') changes.note(window, mark);
        else changes.forget(window);
      }
      for (let cursor = -1; cursor <= mark + 1; cursor++) {
        const expected = noted.filter((window) => window.mark > cursor).reverse();
        expect([...changes.since(cursor)].map(({ start }) => start)).toEqual(
          expected.map(({ start }) => start),
        );
      }
    }),
  );
});

it('holds no more places than twice the windows that are there', () => {
  const changes = new WindowChanges();
  const windows = Array.from({ length: 50 }, (_, i) => createWindow(i, i + 1));
  for (let mark = 0; mark < 10_000; mark++) changes.note(windows[mark % 50]!, mark);
  expect(Math.max(...windows.map(({ place }) => place!))).toBeLessThan(200);
});
