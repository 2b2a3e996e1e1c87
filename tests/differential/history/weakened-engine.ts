import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Variant } from '../../sim/variants.ts';
import type { Engine } from './engine.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** What a copy holds. */
const FOLDERS = ['contracts', 'aggregates', 'platform', 'gateway/core', 'gateway/views'];
const FILES = [
  'contracts/view/resolve-view.ts',
  'contracts/view/timeline.ts',
  'contracts/view/windows.ts',
  'gateway/views/read-pages.ts',
  'platform/store/sql/clickhouse-store.ts',
];
const PARTS = ['contracts', 'aggregates', 'platform', 'gateway'];

/** Runs `use` with a copy of the engine in which one bound is another; the copy is removed afterwards. */
export async function withWeakenedEngine<T>(
  variant: Variant,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-variant-'));
  try {
    const filter = (path: string): boolean => !path.endsWith('.test.ts');
    for (const part of FOLDERS) await cp(join(ROOT, part), join(folder, part), { recursive: true, filter });
    const imports = Object.fromEntries(PARTS.map((part) => [`#${part}/*`, `./${part}/*`]));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }));
    await patch(join(folder, variant.folder!, variant.file), variant);
    return await use(await load(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function patch(path: string, { rule, file, from, to }: Variant): Promise<void> {
  const text = await readFile(path, 'utf8');
  const found = text.split(from).length - 1;
  if (found !== 1) throw new Error(`Variant "${rule}": ${file} holds its text ${found} times, not once.`);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
}

async function load(folder: string): Promise<Engine> {
  const part = (file: string): Promise<object> =>
    import(/* @vite-ignore */ pathToFileURL(join(folder, file)).href);
  const parts = await Promise.all(FILES.map(part));
  return Object.assign({}, ...parts) as Engine;
}
