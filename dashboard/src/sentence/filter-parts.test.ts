import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseWhere } from '#contracts/filter/where.ts';
import { faultOfFilter, joinParts, partsOf, textOfWhere, whereOfText } from './filter-parts.ts';

it('cuts a filter where all must hold, in the order that is written', () => {
  expect(partsOf('plan = pro and country = DE')).toEqual(['plan = pro', 'country = DE']);
  expect(partsOf('amount between 1 and 5 and not (a = 1 and b = 2) AND x = "a and b"')).toEqual([
    'amount between 1 and 5',
    'not (a = 1 and b = 2)',
    'x = "a and b"',
  ]);
  expect(partsOf('a = 1 and b = 2 or c = 3')).toEqual(['a = 1 and b = 2 or c = 3']);
  expect(partsOf('  ')).toEqual([]);
});

it('keeps what cannot be read as it is', () => {
  expect(partsOf('country == DE and a = 1')).toEqual(['country == DE and a = 1']);
  expect(faultOfFilter('country == DE')).toContain('Equality is written with one "="');
  expect(faultOfFilter('country = DE')).toBeNull();
});

it('joins parts to a filter that means all of them', () => {
  const part = fc.constantFrom(
    'a = 1',
    'b != x',
    'c between 1 and 2',
    'd = 1 or e = 2',
    '(f = 1 or g = 2)',
    'not h exists',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const joined = joinParts(parts);
      const read = parseWhere(joined);
      const each = parseWhere(parts.map((one) => `(${one})`).join(' and '));
      expect(read).toEqual(each);
      if (parts.length > 1) expect(joinParts(partsOf(joined))).toBe(joined);
    }),
  );
});

it('says an object as text, and back', () => {
  const where = { plan: ['pro', 'team'], amount: { gt: 0 } };
  expect(textOfWhere(where)).toBe('amount > 0 and plan in (pro, team)');
  expect(whereOfText('amount > 0 and plan in (pro, team)')).toEqual({
    amount: { gt: 0 },
    plan: ['pro', 'team'],
  });
  expect(textOfWhere(undefined)).toBe('');
  expect(whereOfText('plan ==')).toBe('plan ==');
});
