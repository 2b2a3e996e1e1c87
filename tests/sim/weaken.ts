import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Core } from './core.ts';
import type { Patch, Variant } from './variants.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** What a copy of the sources holds. */
export interface CopiedParts {
  folders: readonly string[];
  /** Where the parts of what is loaded are. */
  files: readonly string[];
}

/** Where the parts of a `Core` are, and what they import. */
const CORE: CopiedParts = {
  folders: ['contracts', 'aggregates', 'aggregator/core', 'gateway/core', 'client'],
  files: [
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
  ],
};

/** Runs `use` with a copy of the core in which one rule is undone; the copy is removed afterwards. */
export const withWeakened = <T>(variant: Variant, use: (core: Core) => T): Promise<T> =>
  withWeakenedParts<T>(CORE, variant, (parts) => use(parts as Core));

/** Runs `use` with what the files of a copy export, in which one rule is undone; the copy is removed afterwards. */
export async function withWeakenedParts<T>(
  { folders, files }: CopiedParts,
  variant: Variant,
  use: (parts: object) => T | Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-variant-'));
  const roots = new Set(folders.map((part) => part.split('/')[0]!));
  const imports = Object.fromEntries([...roots].map((root) => [`#${root}/*`, `./${root}/*`]));
  try {
    for (const part of folders) {
      const filter = (path: string) => !path.endsWith('.test.ts');
      await cp(join(ROOT, part), join(folder, part), { recursive: true, filter });
    }
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }));
    for (const one of [variant, ...(variant.also ?? [])]) {
      await patch(join(folder, one.folder ?? 'aggregator/core', one.file), variant.rule, one);
    }
    return await use(await load(folder, files));
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

async function load(folder: string, files: readonly string[]): Promise<object> {
  const part = (file: string): Promise<object> =>
    import(/* @vite-ignore */ pathToFileURL(join(folder, file)).href);
  const parts = await Promise.all(files.map(part));
  return Object.assign({}, ...parts);
}
