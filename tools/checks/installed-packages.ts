import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source-files.ts';

/** A package as described by its package.json in node_modules. */
export interface InstalledPackage {
  /** From the project's root, such as `node_modules/a/node_modules/b`. */
  path: string;
  name: string;
  version: string;
  /** An SPDX expression; null where it states none. */
  licence: string | null;
  /** On GitHub, where all of ours are; null where it states none there. */
  repository: string | null;
  /** Scripts that npm runs when it installs the package, unless it is configured not to. */
  installScripts: string[];
}

interface Manifest {
  name?: string;
  version?: string;
  license?: string | { type?: string };
  licenses?: { type?: string }[];
  repository?: string | { url?: string };
  scripts?: Record<string, string>;
}

/** Every package under node_modules, nested ones included, by path. */
export function installedPackages(folder = 'node_modules'): InstalledPackage[] {
  if (!existsSync(join(ROOT, folder))) return [];
  const names = readdirSync(join(ROOT, folder)).filter((name) => !name.startsWith('.'));
  return names
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(ROOT, folder, name)).map((of) => `${name}/${of}`) : [name],
    )
    .map((name) => join(folder, name))
    .flatMap((path) => [...readPackage(path), ...installedPackages(join(path, 'node_modules'))])
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Empty where there is no package, as in a folder that npm left empty. */
function readPackage(path: string): InstalledPackage[] {
  const file = join(ROOT, path, 'package.json');
  if (!existsSync(file)) return [];
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const { name = path, version = '', scripts = {} } = manifest;
  return [
    {
      path,
      name,
      version,
      licence: licenceOf(manifest),
      repository: repositoryOf(manifest),
      installScripts: ['preinstall', 'install', 'postinstall'].flatMap((step) =>
        scripts[step] === undefined ? [] : [scripts[step]],
      ),
    },
  ];
}

/** Older packages write an object, or a list of which one may choose. */
function licenceOf({ license, licenses }: Manifest): string | null {
  if (typeof license === 'string') return license;
  const all = [license, ...(licenses ?? [])].flatMap((one) => (one?.type === undefined ? [] : [one.type]));
  return all.length === 0 ? null : all.join(' OR ');
}

const GITHUB =
  /^(?:github:|(?:git\+)?(?:https?|ssh|git):\/\/(?:git@)?github\.com\/|git@github\.com:)?([^/:]+\/[^/:]+?)(?:\.git)?$/;

function repositoryOf({ repository }: Manifest): string | null {
  const found = GITHUB.exec((typeof repository === 'string' ? repository : repository?.url) ?? '');
  return found === null ? null : `https://github.com/${found[1]}`;
}
