import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Control, decodeControl, encodeControl } from './control.ts';

const positive = fc.integer({ min: 1 });
const control: fc.Arbitrary<Control> = fc.oneof(
  fc.record({
    kind: fc.constant('settings' as const),
    settings: fc.record({ horizon: positive, groups: positive, ids: positive }),
  }),
  fc.record({
    kind: fc.constant('metric' as const),
    metric: fc.string(),
    version: fc.nat(),
    definition: fc.constant({ event: 'e', aggregate: 'count' }),
  }),
  fc.record({ kind: fc.constant('retire' as const), metric: fc.string(), version: fc.nat() }),
);

describe('control blocks', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(control, (c) => {
        expect(decodeControl(encodeControl(c))).toEqual({ ok: true, value: c });
      }),
    );
  });

  it.each([
    ['text that is no JSON', '{', 'invalid_json'],
    ['an unknown kind', '{"kind":"pause"}', 'wrong_type'],
    ['null', 'null', 'wrong_type'],
    ['settings without a field', '{"kind":"settings","settings":{"horizon":1,"groups":1}}', 'wrong_type'],
    ['a cap of zero', '{"kind":"settings","settings":{"horizon":1,"groups":0,"ids":1}}', 'wrong_type'],
    ['a metric without its text', '{"kind":"metric","metric":"m","version":1}', 'wrong_type'],
    ['a version that is text', '{"kind":"retire","metric":"m","version":"1"}', 'wrong_type'],
  ])('refuses %s', (_, text, code) => {
    expect(decodeControl(text)).toMatchObject({ ok: false, fault: { code } });
  });
});
