import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { ROOT, sourceFiles } from './source-files.ts';
import { stalePlaces } from './stale-places.ts';

/** Of users of the SDK: the files that it names are theirs. */
const FOREIGN = 'docs/SDK.md';

/** Documents name only files and folders that exist. */
export const documentPlaces: Check = {
  name: 'places',
  run: async () => {
    const files = sourceFiles(['']);
    const documents = files.filter((file) => file.endsWith('.md') && file !== FOREIGN);
    const problems = documents.flatMap((document) =>
      stalePlaces(readFileSync(join(ROOT, document), 'utf8'), files).map(
        (name) => `${document}: there is no ${name}`,
      ),
    );
    return { problems };
  },
};
