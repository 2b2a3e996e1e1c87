import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '#platform/process/settings/settings.ts';
import type { Check } from './check.ts';
import { ROOT } from './source-files.ts';
import { staleNames } from './stale-names.ts';

const namesOf = (part: object): string[] => Object.values(part).map(({ env }: { env: string }) => env);

/** docs/SECURITY.md names only files and settings that exist, and every limit of callers. */
export const securityDocs: Check = {
  name: 'SECURITY.md',
  run: async () => {
    const text = readFileSync(join(ROOT, 'docs/SECURITY.md'), 'utf8');
    const settings = new Set(Object.values(SETTINGS).flatMap(namesOf));
    const exists = (path: string): boolean => globSync(path, { cwd: ROOT }).length > 0;
    const missing = namesOf(SETTINGS.limits).filter(
      (env) => !text.includes(`\`${env}\``) && !text.includes(`\`_${env.slice(9)}\``),
    );
    return {
      problems: [
        ...staleNames(text, { settings, exists }).map((problem) => `SECURITY.md: there is ${problem}`),
        ...missing.map((env) => `SECURITY.md does not name the limit ${env}`),
      ],
    };
  },
};
