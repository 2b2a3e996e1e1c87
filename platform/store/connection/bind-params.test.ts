import { expect, test } from 'vitest';
import { bindParams, quoteName, quoteText } from './bind-params.ts';

test('values are quoted and cast to the type of their place', () => {
  const sql = 'SELECT {a:String}, {n:UInt64}, {l:Array(String)}, {f:Float64}';
  expect(bindParams(sql, { a: "it's", n: 5, l: ['x', '\\'], f: -1e21 })).toBe(
    "SELECT CAST('it\\'s', 'String'), CAST('5', 'UInt64'), CAST(['x', '\\\\'], 'Array(String)'), CAST('-1e+21', 'Float64')",
  );
});

test('a value that looks like a place stays a value', () => {
  expect(bindParams('{a:String}{b:String}', { a: '{b:String}', b: '$&' })).toBe(
    "CAST('{b:String}', 'String')CAST('$&', 'String')",
  );
});

test('a place without a value and a number that is none are bugs', () => {
  expect(() => bindParams('{a:String}', {})).toThrow('a');
  expect(() => bindParams('{toString:String}', {})).toThrow('toString');
  expect(() => bindParams('{a:Float64}', { a: Number.NaN })).toThrow('NaN');
});

test('no text can end its own quotes', () => {
  expect(quoteText("\\'\n\r\t\0")).toBe("'\\\\\\'\\n\\r\\t\\0'");
  expect(quoteName('a`b\\')).toBe('`a\\`b\\\\`');
});
