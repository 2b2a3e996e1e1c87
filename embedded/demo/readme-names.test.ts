import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEMO_METRICS } from './demo-metrics.ts';

it('uses no name from the README: following it beside the demo would redefine the panels of the demo', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  const named = [...readme.matchAll(/v1\/metrics\/([a-z0-9_.-]+)/g)].map(([, id]) => id);
  expect(named).not.toHaveLength(0);
  expect(Object.keys(DEMO_METRICS).filter((id) => named.includes(id))).toEqual([]);
});
