import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generateConfigDoc } from './generate-config-doc.ts';
import type { SettingSpec } from './setting-spec.ts';
import { SETTINGS } from './settings.ts';

it('docs/CONFIG.md is what the table of settings gives', () => {
  const written = readFileSync(new URL('../../../docs/CONFIG.md', import.meta.url), 'utf8');
  expect(written).toBe(generateConfigDoc());
});

it('lists every setting once', () => {
  const rows = generateConfigDoc()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const specs = Object.values<Record<string, SettingSpec>>(SETTINGS).flatMap((s) => Object.values(s));
  expect(rows.map((row) => row.split('`')[1]).sort()).toEqual(specs.map((s) => s.env).sort());
});
