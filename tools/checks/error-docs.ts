import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '#contracts/errors.ts';
import type { Check } from './check.ts';
import { compareTable } from './compare-table.ts';
import { docTable } from './doc-table.ts';
import { ROOT } from './source-files.ts';

/** docs/ERRORS.md and contracts/errors.ts, in both directions: code, status, whether a retry helps. */
export const errorDocs: Check = {
  name: 'ERRORS.md',
  run: async () => {
    const rows = docTable(readFileSync(join(ROOT, 'docs/ERRORS.md'), 'utf8'));
    const code = new Map(
      Object.entries(ERRORS).map(([name, e]) => [name, [String(e.status), e.retry ? 'yes' : 'no']]),
    );
    return { problems: compareTable('ERRORS.md', rows, code), note: `${code.size} codes` };
  },
};
