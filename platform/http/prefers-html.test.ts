import { expect, it } from 'vitest';
import { prefersHtml } from './prefers-html.ts';

it.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', true],
  ['TEXT/HTML', true],
  ['application/json;q=0.5, text/html', true],
  ['text/html; charset=utf-8; q=0.9', true],
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['application/json', false],
  ['application/json, text/plain, */*', false],
  ['application/problem+json, text/html;q=0.5', false],
  ['text/html;q=0', false],
])('who accepts %j prefers a page: %j', (accept, page) => {
  expect(prefersHtml(accept)).toBe(page);
});
