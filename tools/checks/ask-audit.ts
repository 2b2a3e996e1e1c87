import { execFile } from 'node:child_process';
import { ROOT } from './source-files.ts';

const PATIENCE = 60_000;

/**
 * What `npm audit --json` prints about production and development packages, asked of the registry that npm is set to;
 * `options` set it otherwise. Its exit code says nothing that the text does not. Throws where there is no npm.
 */
export function askAudit(options: readonly string[] = []): Promise<string> {
  const args = [
    'audit',
    '--json',
    '--audit=true',
    '--include=dev',
    '--include=optional',
    '--fetch-retries=0',
    ...options,
  ];
  // Within an npm script, the npm that runs it.
  const own = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : null;
  const [command, all] = own === null ? ['npm', args] : [process.execPath, [own, ...args]];
  return new Promise((resolve, reject) => {
    execFile(command, all, { cwd: ROOT, maxBuffer: 64e6, timeout: PATIENCE }, (error, stdout) => {
      if (error !== null && stdout === '') reject(new Error(`npm could not be asked: ${error.message}`));
      else resolve(stdout);
    });
  });
}
