import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '#platform/process/settings/settings.ts';
import type { Check } from './check.ts';
import { citedRules, statedRules, unguardedRules } from './cited-rules.ts';
import { ROOT, sourceFiles } from './source-files.ts';
import { staleNames } from './stale-names.ts';

const ENDINGS = [
  '.ts',
  '.mjs',
  '.cjs',
  '.js',
  '.svelte',
  '.css',
  '.html',
  '.md',
  '.yml',
  '.yaml',
  '.py',
  '.sh',
];
const RULES = 'docs/RULES.md';
const GLOSSARY = 'docs/GLOSSARY.md';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Every rule that sources and documents cite is stated in docs/RULES.md, and names tests; files and settings that it and the glossary name are there. */
export const rulesDocs: Check = {
  name: 'rules',
  run: async () => {
    const document = read(RULES);
    const stated = statedRules(document);
    const cited = sourceFiles(ENDINGS).flatMap((file) =>
      citedRules(read(file)).map((citation) => ({ file, ...citation })),
    );
    const settings = new Set(
      Object.values(SETTINGS).flatMap((part) => Object.values(part).map(({ env }: { env: string }) => env)),
    );
    const exists = (path: string): boolean => globSync(path, { cwd: ROOT }).length > 0;
    return {
      problems: [
        ...cited
          .filter(({ rule }) => !stated.has(rule))
          .map(({ file, line, rule }) => `${file}:${line}: ${RULES} states no rule ${rule}`),
        ...unguardedRules(document).map((title) => `${RULES}: no test is named for "${title}"`),
        ...[RULES, GLOSSARY].flatMap((file) =>
          staleNames(read(file), { settings, exists }).map((problem) => `${file}: there is ${problem}`),
        ),
      ],
      note: `${cited.length} citations of ${stated.size} rules`,
    };
  },
};
