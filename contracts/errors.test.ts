import { expect, it } from 'vitest';
import { shown } from './errors.ts';

it('shows nesting of any depth without a fault', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(shown(deep).length).toBeLessThanOrEqual(80);
});
