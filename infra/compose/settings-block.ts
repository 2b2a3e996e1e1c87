import type { SettingSpec } from '#platform/process/settings/setting-spec.ts';
import { SETTINGS } from '#platform/process/settings/settings.ts';
import { UNPASSED } from './unpassed.ts';

const BEGIN =
  '    # All other settings of docs/CONFIG.md, from .env or the environment; empty is the default. Written by `npm run docs`.\n';
const END = '    # End of what is written by `npm run docs`.\n';

/** Names of the settings that a service has to be given. */
export const passedSettings = (): string[] =>
  Object.values<Record<string, SettingSpec>>(SETTINGS)
    .flatMap((specs) => Object.values(specs).map(({ env }) => env))
    .filter((name) => !(name in UNPASSED));

/** The compose file with a line for each setting that has none of its own. */
export function withSettings(compose: string): string {
  const from = compose.indexOf(BEGIN);
  const to = compose.indexOf(END);
  if (from < 0 || to < from) throw new Error('docker-compose.yml has lost the place of its settings.');
  const [before, after] = [compose.slice(0, from), compose.slice(to)];
  const lines = passedSettings()
    .filter((name) => !new RegExp(`^ +${name}:`, 'm').test(before + after))
    .map((name) => `    ${name}: \${${name}:-}\n`);
  return before + BEGIN + lines.join('') + after;
}
