import { expect, it } from 'vitest';
import { readablePath } from './readable-path.ts';

it.each([
  ['/dashboards/storefront', '/dashboards/storefront', 'storefront'],
  ['/boards/a%20b/c/', '/boards/a b/c/', 'c'],
  ['/boards/%E0%A4', '/boards/%E0%A4', '%E0%A4'],
  ['//', '//', ''],
  [`/${'x'.repeat(5_000)}`, `/${'x'.repeat(119)}…`, `${'x'.repeat(119)}…`],
])('reads %s', (path, text, last) => {
  expect(readablePath(path)).toEqual({ text, last });
});
