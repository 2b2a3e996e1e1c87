import { expect, it } from 'vitest';
import { clip, clipApart } from './clip.ts';

it('cuts a name between characters, and never within one', () => {
  /** Every code unit is 3 px wide. */
  const measure = { measureText: (text: string) => ({ width: text.length * 3 }) };
  const family = '👨‍👩‍👧‍👦';
  expect(clip(measure, `ab${family}cd`, 12)).toBe('ab…');
  expect(clip(measure, `${family}${family}`, family.length * 3 + 6)).toBe(`${family}…`);
  expect(clip(measure, 'e\u0301e\u0301e\u0301', 12)).toBe('e\u0301…');
  expect(clip(measure, 'abc', 9)).toBe('abc');
});

it('shows the ends of names whose beginnings are alike', () => {
  const measure = { measureText: (text: string) => ({ width: text.length * 3 }) };
  const cut = (width: number, ...names: string[]) =>
    clipApart(
      measure,
      names.map((text) => ({ text, width })),
    );
  expect(cut(18, 'warehouse-1', 'warehouse-2', 'web')).toEqual(['…use-1', '…use-2', 'web']);
  expect(cut(18, 'checkout', 'payments')).toEqual(['check…', 'payme…']);
  // Neither end tells them apart.
  expect(cut(18, 'warehouse-1-europe', 'warehouse-2-europe')).toEqual(['wareh…', 'wareh…']);
});
