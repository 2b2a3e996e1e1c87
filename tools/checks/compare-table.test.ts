import { expect, it } from 'vitest';
import { compareTable } from './compare-table.ts';
import { docTable } from './doc-table.ts';

it('compares a document with the code in both directions', () => {
  const rows = docTable('| code | status |\n|---|---|\n| `a` | 400 |\n| `b` | 404 |\n');
  const code = new Map([
    ['a', ['401']],
    ['c', ['500']],
  ]);
  expect(compareTable('X.md', rows, code)).toHaveLength(3);
  expect(compareTable('X.md', rows, new Map(rows))).toEqual([]);
});
