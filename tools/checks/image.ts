import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { judgeImage } from './judge-image.ts';
import { ROOT } from './source-files.ts';

const FILES = ['infra/Dockerfile', 'infra/embedded/Dockerfile'];

/** The images have no shell, are not root's, and no package runs a script while it is built. */
export const image: Check = {
  name: 'image',
  run: async () => ({
    problems: FILES.flatMap((file) =>
      judgeImage(readFileSync(join(ROOT, file), 'utf8')).map((problem) => `${file}: ${problem}`),
    ),
  }),
};
