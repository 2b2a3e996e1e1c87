import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { findUnpinned } from './find-unpinned.ts';
import { ROOT } from './source-files.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const readAll = (...files: string[]): Record<string, string> =>
  Object.fromEntries(files.map((file) => [file, read(file)]));

/** Third-party software has exact versions: packages, images, Python packages. */
export const pinned: Check = {
  name: 'pinned',
  run: async () => ({
    problems: findUnpinned({
      manifest: JSON.parse(read('package.json')),
      dockerfiles: readAll('infra/Dockerfile', 'infra/embedded/Dockerfile'),
      compose: read('docker-compose.yml'),
      npmrc: read('.npmrc'),
      requirements: readAll('tests/foreign/requirements.txt', 'tests/image/requirements.txt'),
    }),
  }),
};
