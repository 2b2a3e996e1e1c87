import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VENV = join(import.meta.dirname, '.venv');
const WANTED = join(import.meta.dirname, 'requirements.txt');
const PYTHON = join(VENV, 'bin', 'python');
/** What the pinned packages need. */
const OLDEST = [3, 10];

/** Why the tests in Python cannot run here; null where they can. */
export function whyNoPython(): string | null {
  const script = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${OLDEST.join(', ')}))`;
  try {
    execFileSync('python3', ['-c', script], { stdio: 'ignore' });
    return null;
  } catch {
    return `no python3 of version ${OLDEST.join('.')} or newer with venv (packages python3 and python3-venv)`;
  }
}

/** A Python with exactly the packages of requirements.txt, installed on the first run; answers its path. */
export async function preparePython(): Promise<string> {
  const stamp = join(VENV, 'installed.txt');
  const wanted = await readFile(WANTED, 'utf8');
  if (existsSync(stamp) && existsSync(PYTHON) && (await readFile(stamp, 'utf8')) === wanted) return PYTHON;
  await rm(VENV, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', VENV]);
  await run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', WANTED]);
  await writeFile(stamp, wanted);
  return PYTHON;
}
