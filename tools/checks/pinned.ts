import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { findUnpinned } from './find-unpinned.ts';
import { ROOT } from './source-files.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Everything of others comes in a stated version: packages, images, the packages of the clients in Python. */
export const pinned: Check = {
  name: 'pinned',
  run: async () => ({
    problems: findUnpinned({
      manifest: JSON.parse(read('package.json')),
      dockerfiles: {
        'infra/Dockerfile': read('infra/Dockerfile'),
        'infra/embedded/Dockerfile': read('infra/embedded/Dockerfile'),
      },
      compose: read('docker-compose.yml'),
      npmrc: read('.npmrc'),
      requirements: read('tests/foreign/requirements.txt'),
    }),
  }),
};
