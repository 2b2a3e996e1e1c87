import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
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

/** A Python with exactly the packages of a folder's requirements.txt, installed on the first run; returns its path. */
export async function preparePython(folder: string): Promise<string> {
  const venv = join(folder, '.venv');
  const stamp = join(venv, 'installed.txt');
  const python = join(venv, 'bin', 'python');
  const requirements = join(folder, 'requirements.txt');
  const wanted = await readFile(requirements, 'utf8');
  if (existsSync(stamp) && existsSync(python) && (await readFile(stamp, 'utf8')) === wanted) return python;
  await rm(venv, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', venv]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  await writeFile(stamp, wanted);
  return python;
}
