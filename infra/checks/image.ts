import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { judgeImage } from './judge-image.ts';
import { ROOT } from './source-files.ts';

/** The image has no shell, is not root's, and no package runs a script while it is built. */
export const image: Check = {
  name: 'image',
  run: async () => ({
    problems: judgeImage(readFileSync(join(ROOT, 'infra/Dockerfile'), 'utf8')).map(
      (problem) => `infra/Dockerfile: ${problem}`,
    ),
  }),
};
