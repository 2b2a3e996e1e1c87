import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';

const ROOT = join(import.meta.dirname, '..', '..');

/** What `npm run backup` or `npm run restore` came to. */
export interface CommandResult {
  code: number | null;
  output: string;
}

/** Runs the command as npm does. */
export async function runBackup(
  what: 'backup' | 'restore',
  folder: string,
  env: Record<string, string>,
): Promise<CommandResult> {
  const child = spawn(process.execPath, ['embedded/backup/main.ts', what, folder], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}
