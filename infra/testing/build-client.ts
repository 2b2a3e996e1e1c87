import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..');

/** Builds the SDK as it is served, into a folder of its own: `client.js`. */
export async function buildClient(folder: string): Promise<void> {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const config = join(ROOT, 'infra', 'run', 'client.vite.config.mjs');
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
