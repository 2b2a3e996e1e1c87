import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clientTypes } from '../../tools/run/client-types.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

type Module = 'client' | 'query';

/** Builds a module of the SDK as it is served, into a folder of its own: `client.js`. Its types are written by `writeClientTypes`. */
export async function buildClient(folder: string, module: Module = 'client'): Promise<void> {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const config = join(ROOT, 'tools', 'run', `${module}.vite.config.mjs`);
  const args = [
    'build',
    '--config',
    config,
    '--outDir',
    folder,
    '--emptyOutDir',
    'false',
    '--logLevel',
    'warn',
  ];
  // The test runner sets another one, and what the libraries have for it is larger.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [vite, ...args], { cwd: ROOT, env });
}

/** Writes `client.d.ts` as it is served, beside it. */
export async function writeClientTypes(folder: string, module: Module = 'client'): Promise<void> {
  await writeFile(join(folder, `${module}.d.ts`), clientTypes(module));
}
