import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  addRecent,
  DEFAULTS,
  MOST_RECENT,
  type Preferences,
  readPreferences,
  writePreferences,
} from './preferences.ts';

const preferences: fc.Arbitrary<Preferences> = fc.record({
  theme: fc.constantFrom('system' as const, 'ink' as const, 'paper' as const),
  letters: fc.boolean(),
  motion: fc.constantFrom('system' as const, 'less' as const),
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
  const stored = JSON.stringify({ theme: 'pink', letters: false, motion: 1, recent: [7], more: true });
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
