import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const IN_TERMINAL = join(ROOT, 'tests', 'testing', 'in-terminal.py');
const HAS_TERMINAL = spawnSync('python3', ['-c', 'import os, pty; os.waitstatus_to_exitcode']).status === 0;

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-terminal-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

/** All that was shown of `npm start` until it ended by the Ctrl-C that is typed when it is ready. */
async function startAndInterrupt(...args: string[]): Promise<string> {
  const env: NodeJS.ProcessEnv = { ...process.env, MILLRACE_DATA: data, MILLRACE_PORT: '0' };
  // The test runner's own setting would change what is built.
  delete env.NODE_ENV;
  const command = [IN_TERMINAL, 'Millrace is ready at', 'npm', 'start', ...args];
  const { stdout } = await promisify(execFile)('python3', command, { cwd: ROOT, env, timeout: 55_000 });
  return stdout;
}

// Where no python3 of 3.9 or newer with a pty module is found, there is nothing to type a Ctrl-C in.
describe.skipIf(!HAS_TERMINAL)('npm start in a terminal (skipped without python3 and its pty)', () => {
  it('ends in order with 0 on Ctrl-C', async () => {
    expect(await startAndInterrupt()).toMatch(/ended with 0\n$/);
  });

  it('passes on the arguments after --', async () => {
    const shown = await startAndInterrupt('--', '--no-such-option');
    expect(shown).toMatch(/--no-such-option/);
    expect(shown).toMatch(/ended with [12]\n$/);
  });
});
