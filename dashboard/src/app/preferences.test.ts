import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  addRecent,
  addVisit,
  DEFAULTS,
  MOST_PINS,
  MOST_RECENT,
  type Preferences,
  readPreferences,
  togglePin,
  writePreferences,
} from './preferences.ts';

const preferences: fc.Arbitrary<Preferences> = fc.record({
  theme: fc.constantFrom('system' as const, 'ink' as const, 'paper' as const),
  letters: fc.boolean(),
  motion: fc.constantFrom('system' as const, 'less' as const),
  zone: fc.constantFrom('browser', 'UTC', 'Asia/Kathmandu'),
  dates: fc.constantFrom('day-first' as const, 'month-first' as const, 'iso' as const),
  hours: fc.constantFrom(12 as const, 24 as const),
  numbers: fc.constantFrom('comma' as const, 'point' as const, 'space' as const),
  pins: fc.array(fc.string(), { maxLength: MOST_PINS }),
  visits: fc.array(fc.record({ board: fc.string(), at: fc.integer({ min: 0, max: 4e12 }) }), {
    maxLength: MOST_RECENT,
  }),
  steps: fc.boolean(),
  recent: fc.array(fc.string(), { maxLength: MOST_RECENT }),
});

it('reads back what it wrote', () => {
  fc.assert(
    fc.property(preferences, (wanted) => {
      expect(readPreferences(writePreferences(wanted))).toEqual(wanted);
    }),
  );
});

it('takes any stored text, and gives what the page can use', () => {
  const text = fc.oneof(fc.string(), fc.json(), fc.constant(null));
  fc.assert(
    fc.property(text, (stored) => {
      const read = readPreferences(stored);
      expect(readPreferences(writePreferences(read))).toEqual(read);
    }),
  );
});

it('gives each bad value its default, and leaves the others', () => {
  const stored = JSON.stringify({
    theme: 'pink',
    letters: false,
    motion: 1,
    recent: [7],
    more: true,
    zone: 'Mars/Olympus',
  });
  expect(readPreferences(stored)).toEqual({ ...DEFAULTS, letters: false });
  for (const bad of ['', '[]', 'null', '7', '{"theme":']) expect(readPreferences(bad)).toEqual(DEFAULTS);
});

it('keeps the newest things, each once, and none that is too long', () => {
  const many = Array.from({ length: 20 }, (_, i) => `thing ${i}`);
  const recent = many.reduce<readonly string[]>(addRecent, []);
  expect(recent).toEqual(many.slice(-MOST_RECENT).reverse());
  expect(addRecent(recent, 'thing 15')[0]).toBe('thing 15');
  expect(addRecent(recent, 'thing 15')).toHaveLength(MOST_RECENT);
  expect(addRecent(recent, 'x'.repeat(1_000))).toEqual(recent);
});

it('pins boards in their order, no more than fit, and takes pins away', () => {
  const ids = Array.from({ length: MOST_PINS + 2 }, (_, i) => `b${i}`);
  const pins = ids.reduce<readonly string[]>(togglePin, []);
  expect(pins).toEqual(ids.slice(0, MOST_PINS));
  expect(togglePin(pins, 'b1')).toEqual(pins.filter((id) => id !== 'b1'));
});

it('keeps the boards that were opened last, each once', () => {
  const visits = ['a', 'b', 'a'].map((board, at) => ({ board, at })).reduce(addVisit, DEFAULTS.visits);
  expect(visits).toEqual([
    { board: 'a', at: 2 },
    { board: 'b', at: 1 },
  ]);
});
