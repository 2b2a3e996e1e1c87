import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES, ERRORS } from '#contracts/errors.ts';
import { FIXES } from '#contracts/fixes.ts';
import type { Check } from './check.ts';
import { compareTable } from './compare-table.ts';
import { docTable } from './doc-table.ts';
import { ROOT } from './source-files.ts';

/** docs/ERRORS.md and the list in contracts, in both directions: code, status, whether a retry helps, what it means, what to do. */
export const errorDocs: Check = {
  name: 'ERRORS.md',
  run: async () => {
    const rows = docTable(readFileSync(join(ROOT, 'docs/ERRORS.md'), 'utf8'));
    const code = new Map(
      ERROR_CODES.map((name) => {
        const { status, retry, title } = ERRORS[name];
        return [name, [String(status), retry ? 'yes' : 'no', title, FIXES[name]]];
      }),
    );
    return { problems: compareTable('ERRORS.md', rows, code), note: `${code.size} codes` };
  },
};
