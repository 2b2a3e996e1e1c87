import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source-files.ts';

export interface LockEntry {
  version?: string;
  license?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
}

/** What package-lock.json says, by path; the project itself is left out. */
export function readLock(): Map<string, LockEntry> {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  return new Map(Object.entries(packages).filter(([path]) => path !== ''));
}
