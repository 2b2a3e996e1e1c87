import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Core } from './core.ts';
import type { Patch, Variant } from './variants.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const IMPORTS = {
  '#contracts/*': './contracts/*',
  '#aggregates/*': './aggregates/*',
  '#aggregator/*': './aggregator/*',
  '#gateway/*': './gateway/*',
  '#client/*': './client/*',
};
/** What a copy holds. */
const FOLDERS = ['contracts', 'aggregates', 'aggregator/core', 'gateway/core', 'client'];
/** Where the parts of a `Core` are. */
const FILES = [
  'aggregator/core/partition.ts',
  'aggregator/core/restore/restore-partition.ts',
  'aggregator/core/flush.ts',
  'aggregator/core/plan-serve.ts',
  'aggregator/core/roll-ups/roll-up-committed.ts',
  'aggregator/core/roll-ups/roll-up-filled.ts',
  'contracts/log/definition-record.ts',
  'gateway/core/view-hub.ts',
  'gateway/core/view/resume-view.ts',
  'client/views/shared-view.ts',
];

/** Runs `use` with a copy of the core in which one rule is undone; the copy is removed afterwards. */
export async function withWeakened<T>(variant: Variant, use: (core: Core) => T): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-variant-'));
  try {
    for (const part of FOLDERS) {
      const filter = (path: string) => !path.endsWith('.test.ts');
      await cp(join(ROOT, part), join(folder, part), { recursive: true, filter });
    }
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports: IMPORTS }));
    for (const one of [variant, ...(variant.also ?? [])]) {
      await patch(join(folder, one.folder ?? 'aggregator/core', one.file), variant.rule, one);
    }
    return use(await load(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function patch(path: string, rule: string, { file, from, to }: Patch): Promise<void> {
  const text = await readFile(path, 'utf8');
  const found = text.split(from).length - 1;
  if (found !== 1) throw new Error(`Variant "${rule}": ${file} holds its text ${found} times, not once.`);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
}

async function load(folder: string): Promise<Core> {
  const part = (file: string): Promise<object> =>
    import(/* @vite-ignore */ pathToFileURL(join(folder, file)).href);
  const parts = await Promise.all(FILES.map(part));
  return Object.assign({}, ...parts) as Core;
}
