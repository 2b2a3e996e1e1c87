import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { functionSizes } from './function-sizes.ts';
import { ROOT, sourceFiles } from './source-files.ts';

const LIMITS = { fileMedian: 90, file: 300, functionP90: 35, function: 80 };

/** At most three files or functions that may be longer, each with its reason. */
const EXCEPTIONS: Record<string, string> = {
  'aggregator/core/id-table.ts#createIdTable':
    'its closures share growing typed arrays; split up, every access in the hot path would go through an object',
  'aggregator/core/id-window.ts#createIdWindow': 'the same, over the table',
};

export const sizes: Check = {
  name: 'sizes',
  run: async () => {
    const files = sourceFiles(['.ts', '.mjs', '.svelte']).map(measure);
    const functions = files.flatMap((f) => f.functions.map((g) => ({ ...g, file: f.path })));
    const median = quantile(
      files.map((f) => f.lines),
      0.5,
    );
    const p90 = quantile(
      functions.map((f) => f.lines),
      0.9,
    );
    const problems = [
      ...files
        .filter((f) => f.lines > LIMITS.file && !(f.path in EXCEPTIONS))
        .map((f) => `${f.path}: ${f.lines} lines; at most ${LIMITS.file}`),
      ...functions
        .filter((f) => f.lines > LIMITS.function && !(`${f.file}#${f.name}` in EXCEPTIONS))
        .map((f) => `${f.file}:${f.line}: ${f.name} has ${f.lines} lines; at most ${LIMITS.function}`),
    ];
    if (median > LIMITS.fileMedian)
      problems.push(`median file: ${median} lines; at most ${LIMITS.fileMedian}`);
    if (p90 > LIMITS.functionP90) problems.push(`p90 function: ${p90} lines; at most ${LIMITS.functionP90}`);
    if (Object.keys(EXCEPTIONS).length > 3) problems.push('more than three exceptions to the sizes');
    const note = `${files.length} files, median ${median}; ${functions.length} functions, p90 ${p90}`;
    return { problems, note };
  },
};

function measure(path: string): { path: string; lines: number; functions: ReturnType<typeof functionSizes> } {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const code = path.endsWith('.svelte') ? scriptOf(text) : text;
  return { path, lines: text.trimEnd().split('\n').length, functions: functionSizes(`${path}.ts`, code) };
}

/** The script of a component, after as many empty lines as stand before it. */
function scriptOf(text: string): string {
  const match = /<script[^>]*>([\s\S]*?)<\/script>/.exec(text);
  if (match === null) return '';
  const start = match.index + match[0].indexOf('>') + 1;
  return text.slice(0, start).replace(/[^\n]/g, '') + match[1];
}

function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}
