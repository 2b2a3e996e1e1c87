import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { functionSizes } from './function-sizes.ts';
import { ROOT, sourceFiles } from './source-files.ts';

const LIMITS = { file: 300, function: 80 };

export const sizes: Check = {
  name: 'sizes',
  run: async () => {
    const files = sourceFiles(['.ts', '.mjs', '.svelte']).map(measure);
    const functions = files.flatMap((f) => f.functions.map((g) => ({ ...g, file: f.path })));
    const problems = [
      ...files
        .filter((f) => f.lines > LIMITS.file)
        .map((f) => `${f.path}: ${f.lines} lines; at most ${LIMITS.file}`),
      ...functions
        .filter((f) => f.lines > LIMITS.function)
        .map((f) => `${f.file}:${f.line}: ${f.name} has ${f.lines} lines; at most ${LIMITS.function}`),
    ];
    return { problems, note: `${files.length} files, ${functions.length} functions` };
  },
};

function measure(path: string): { path: string; lines: number; functions: ReturnType<typeof functionSizes> } {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const code = path.endsWith('.svelte') ? scriptOf(text) : text;
  return { path, lines: text.trimEnd().split('\n').length, functions: functionSizes(`${path}.ts`, code) };
}

/** The script of a component, after empty lines in place of what precedes it, so that line numbers stay right. */
function scriptOf(text: string): string {
  const match = /<script[^>]*>([\s\S]*?)<\/script>/.exec(text);
  if (match === null) return '';
  const start = match.index + match[0].indexOf('>') + 1;
  return text.slice(0, start).replace(/[^\n]/g, '') + match[1];
}
