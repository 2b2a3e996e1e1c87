import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEventPath } from '#contracts/metric/envelope.ts';
import { finish } from '../../core/steps.ts';
import { type EventProfile, type ProfileBounds, profileEvents } from './event-profile.ts';

const BOUNDS: ProfileBounds = { paths: 100, values: 3, length: 10 };
const profile = (events: readonly object[], bounds: Partial<ProfileBounds> = {}): EventProfile =>
  finish(
    profileEvents(
      events.map((one) => JSON.stringify(one)),
      { ...BOUNDS, ...bounds },
    ),
  );

describe('profileEvents', () => {
  it('tells types, presence, values and bounds of each path, nested ones included', () => {
    const { properties, leftOut } = profile([
      { plan: 'pro', cart: { total: 5, items: [1] } },
      { plan: 'pro', cart: { total: -2.5 } },
      { plan: 'free', cart: null },
      { plan: 7, ok: true },
    ]);
    expect(leftOut).toBe(0);
    expect(properties.map(({ path }) => path)).toEqual(['plan', 'cart', 'cart.total', 'cart.items', 'ok']);
    expect(properties[0]).toEqual({
      path: 'plan',
      events: 4,
      types: [
        { type: 'text', events: 3 },
        { type: 'number', events: 1 },
      ],
      distinct: 3,
      values: [
        { value: 'pro', events: 2 },
        { value: '7', events: 1 },
        { value: 'free', events: 1 },
      ],
      examples: ['"pro"', '"free"', '7'],
      min: 7,
      max: 7,
    });
    expect(properties[1]!.types).toEqual([
      { type: 'object', events: 2 },
      { type: 'null', events: 1 },
    ]);
    expect(properties[2]).toMatchObject({ min: -2.5, max: 5, distinct: 2 });
    expect(properties[3]).toMatchObject({ types: [{ type: 'array', events: 1 }], distinct: 0, min: null });
  });

  it('is bounded in paths, values and their length, and says how many paths are left out', () => {
    const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`p${i}`, i]));
    const { properties, leftOut } = profile([wide], { paths: 10 });
    expect([properties.length, leftOut]).toEqual([10, 2_990]);
    const long = profile(Array.from({ length: 9 }, (_, i) => ({ text: `12345678😀 and more ${i}` })));
    expect(long.properties[0]).toMatchObject({ distinct: 9, values: { length: 3 } });
    expect(long.properties[0]!.values[0]!.value).toBe('12345678😀…');
    expect(profile([{ text: '123456789😀 and more' }]).properties[0]!.values[0]!.value).toBe('123456789…');
  });

  it('names each property as definitions do', () => {
    const name = fc.constantFrom('$key', '$$key', '$event', '$other', 'a', 'b c', '"', '__proto__', 'key');
    fc.assert(
      fc.property(fc.dictionary(name, fc.integer(), { noNullPrototype: true }), (properties) => {
        const envelope = { event: 'e', id: 'i', key: 'k', ts: 0, properties };
        for (const { path, values } of profile([properties], { length: 20 }).properties)
          expect(String(readEventPath(envelope, path))).toBe(values[0]!.value);
      }),
    );
  });

  it('gives the counts of a plain count', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.constant(null), fc.constant('x'));
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.constantFrom('a', 'b'), value), { maxLength: 50 }), (events) => {
        for (const { path, events: count, types, distinct } of profile(events).properties) {
          const own = events.filter((one) => Object.hasOwn(one, path)).map((one) => one[path]);
          expect(count).toBe(own.length);
          expect(types.reduce((sum, one) => sum + one.events, 0)).toBe(own.length);
          expect(distinct).toBe(new Set(own.filter((one) => one !== null).map(String)).size);
        }
      }),
    );
  });
});
