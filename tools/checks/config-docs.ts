import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateConfigDoc } from '#platform/process/settings/generate-config-doc.ts';
import type { Check } from './check.ts';
import { ROOT } from './source-files.ts';

/** docs/CONFIG.md is what the table of settings gives. */
export const configDocs: Check = {
  name: 'CONFIG.md',
  run: async () => {
    const same = readFileSync(join(ROOT, 'docs/CONFIG.md'), 'utf8') === generateConfigDoc();
    return {
      problems: same
        ? []
        : ['docs/CONFIG.md is older than platform/process/settings/settings.ts; generate it again'],
    };
  },
};
