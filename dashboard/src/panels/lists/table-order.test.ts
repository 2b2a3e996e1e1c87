import { expect, it } from 'vitest';
import { nextSort, orderOf } from './table-order.ts';

const OUTPUTS = ['p50', 'p99'];
const FIRST = { by: 0, descending: true };

it('is by the first output, the largest first, until the reader says otherwise', () => {
  expect(orderOf(undefined, OUTPUTS)).toEqual(FIRST);
  expect(orderOf({ panel: 'a', output: 'p99', descending: false }, OUTPUTS)).toEqual({
    by: 1,
    descending: false,
  });
  expect(orderOf({ panel: 'a', output: null, descending: false }, OUTPUTS)).toEqual({
    by: -1,
    descending: false,
  });
  expect(orderOf({ panel: 'a', output: 'gone', descending: false }, OUTPUTS)).toEqual(FIRST);
});

it('turns round the column it has, and begins another with what is looked for', () => {
  expect(nextSort('a', 'p50', FIRST, OUTPUTS)).toEqual({ panel: 'a', output: 'p50', descending: false });
  expect(nextSort('a', 'p99', FIRST, OUTPUTS)).toEqual({ panel: 'a', output: 'p99', descending: true });
  expect(nextSort('a', null, FIRST, OUTPUTS)).toEqual({ panel: 'a', output: null, descending: false });
});
