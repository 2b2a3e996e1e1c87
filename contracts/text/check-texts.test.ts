import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTexts } from './check-texts.ts';

const check = (value: unknown) => checkTexts(value, 'invalid_definition');

/** A value of one text somewhere inside, and how it is reached. */
const around = (text: string) =>
  fc.oneof(
    fc.constant(text),
    fc.constant([text]),
    fc.constant({ [text]: 1 }),
    fc.constant({ where: { country: ['DE', text] } }),
    fc.constant({ panels: [{ view: { where: { [text]: 'x' } } }] }),
  );

describe('checkTexts', () => {
  it('takes every JSON value of whole texts within its bounds', () => {
    const value = fc.jsonValue({ maxDepth: 5 }).filter((v) => JSON.stringify(v).isWellFormed());
    fc.assert(
      fc.property(value, (v) => {
        expect(check(v)).toBeNull();
      }),
    );
  });

  it('refuses half of a surrogate pair at any place', () => {
    const half = fc.tuple(fc.string(), fc.integer({ min: 0xd800, max: 0xdfff }), fc.constantFrom('', 'z'));
    const value = half.chain(([before, unit, after]) =>
      around(`${before}${String.fromCharCode(unit)}${after}`),
    );
    fc.assert(
      fc.property(value, (v) => {
        expect(check(v)?.code).toBe('lone_surrogate');
      }),
    );
  });

  it('refuses a text that is too long at any place, and shows little of it', () => {
    fc.assert(
      fc.property(around('x'.repeat(300_000)), (value) => {
        const fault = check(value)!;
        expect(fault.code).toBe('invalid_definition');
        expect(fault.message.length).toBeLessThan(300);
      }),
    );
  });

  it('names the first place that is wrong', () => {
    expect(check({ a: 1, where: { x: ['ok', '\ud800'] }, z: '\ud800' })).toMatchObject({
      field: 'where.x.1',
      message: 'where.x.1: "\\ud800" holds half of a surrogate pair.',
    });
  });

  it.each([
    ['numbers that JSON cannot hold', { where: { x: { gt: Infinity } } }, 'invalid_definition'],
    ['not a number', { where: { x: { gt: Number.NaN } } }, 'invalid_definition'],
    ['nesting', JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)), 'too_deep'],
    ['more parts than anybody writes', Array.from({ length: 60_000 }, () => 1), 'invalid_definition'],
  ])('refuses %s', (_, value, code) => {
    expect(check(value)?.code).toBe(code);
  });
});
