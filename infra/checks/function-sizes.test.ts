import { expect, it } from 'vitest';
import { compareTable } from './compare-table.ts';
import { docTable } from './doc-table.ts';
import { functionSizes } from './function-sizes.ts';

it('measures functions with what they enclose', () => {
  const text =
    'export function outer() {\n  const inner = () => {\n    return 1;\n  };\n  return inner;\n}\n';
  expect(functionSizes('a.ts', text)).toEqual([
    { name: 'inner', line: 2, lines: 3 },
    { name: 'outer', line: 1, lines: 6 },
  ]);
});

it('takes a suite for a list, not for a function', () => {
  const text = "describe('a', () => {\n  it('b', () => {\n    expect(1);\n  });\n});\n";
  expect(functionSizes('a.test.ts', text)).toEqual([{ name: '(inline)', line: 2, lines: 3 }]);
});

it('compares a document with the code in both directions', () => {
  const rows = docTable('| code | status |\n|---|---|\n| `a` | 400 |\n| `b` | 404 |\n');
  const code = new Map([
    ['a', ['401']],
    ['c', ['500']],
  ]);
  expect(compareTable('X.md', rows, code)).toHaveLength(3);
  expect(compareTable('X.md', rows, new Map(rows))).toEqual([]);
});
