import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { ROOT, sourceFiles } from './source-files.ts';
import { stalePlaces } from './stale-places.ts';

/** docs/ARCHITECTURE.md, GLOSSARY.md and CONTRIBUTING.md name files and folders that there are. */
export const architectureDocs: Check = {
  name: 'ARCHITECTURE.md',
  run: async () => {
    const files = sourceFiles(['']);
    const problems = ['docs/ARCHITECTURE.md', 'docs/GLOSSARY.md', 'CONTRIBUTING.md'].flatMap((document) =>
      stalePlaces(readFileSync(join(ROOT, document), 'utf8'), files).map(
        (name) => `${document}: there is no ${name}`,
      ),
    );
    return { problems };
  },
};
