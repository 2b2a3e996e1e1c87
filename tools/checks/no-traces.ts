import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { ROOT, sourceFiles } from './source-files.ts';

const ENDINGS = ['.ts', '.mjs', '.cjs', '.js', '.json', '.svelte', '.css', '.html', '.md', '.yml', '.yaml'];
const REGISTRY = 'https://registry.npmjs.org/';
/** Paths of one machine; spelled so that this file does not find itself. */
const MACHINE_PATH = new RegExp(`(^|[\\s"'\`(=])/(${['work', 'root', 'home', 'Users'].join('|')})/`);

/** Nothing in the project points at one machine, and packages come from the public registry only. */
export const noTraces: Check = {
  name: 'no traces',
  run: async () => {
    const problems: string[] = [];
    for (const file of sourceFiles(ENDINGS)) {
      const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
      lines.forEach((line, i) => {
        if (MACHINE_PATH.test(line)) problems.push(`${file}:${i + 1}: a path of one machine`);
      });
    }
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { resolved?: string }>;
    };
    for (const [path, { resolved }] of Object.entries(packages)) {
      if (resolved !== undefined && !resolved.startsWith(REGISTRY))
        problems.push(`package-lock.json: ${path} comes from ${resolved}`);
    }
    return { problems };
  },
};
