import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { refuse, shown } from './errors.ts';
import { cutText } from './text/shown.ts';

it('shows nesting of any depth without a fault', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(shown(deep).length).toBeLessThanOrEqual(80);
});

test('what is shown is the JSON of the value, cut', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary', maxLength: 200 }), fc.object()),
      (value) => {
        const whole = JSON.stringify(value) ?? String(value);
        const text = shown(value);
        if (whole.length <= 80) expect(text).toBe(whole);
        else
          expect(whole.startsWith(text.slice(0, -1)) && text.endsWith('…') && text.length <= 80).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('of a large value no more is read than is shown', () => {
  let reads = 0;
  const list = new Proxy(Array(1_000_000).fill(7), {
    get: (target, name) => {
      reads++;
      return Reflect.get(target, name);
    },
  });
  expect(shown(list)).toMatch(/^\[7,7,.*…$/);
  expect(reads).toBeLessThan(1_000);
});

test('a text is cut between characters', () => {
  expect(cutText('ab😀cd', 4)).toBe('ab…');
  expect(cutText('ab😀cd', 5)).toBe('ab😀…');
  expect(cutText('ab😀cd', 6)).toBe('ab😀cd');
});

it('cuts what a refusal says of a long input', () => {
  const { fault } = refuse('invalid_filter', `where.${'p'.repeat(100_000)}: no.`, 'p'.repeat(100_000));
  expect(fault.message.length).toBeLessThanOrEqual(2_000);
  expect(fault.field!.length).toBeLessThanOrEqual(300);
});
