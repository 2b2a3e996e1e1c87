import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach } from 'vitest';

const run = promisify(execFile);

export interface SmallDisk {
  /** Mounts a file system of `bytes` bytes at the folder; returns why it cannot, or null. */
  mount(folder: string, bytes: number): Promise<string | null>;
  /** Makes it larger, or smaller. */
  resize(bytes: number): Promise<void>;
}

/** A small file system for each test; it is unmounted in the end. */
export function useSmallDisk(): SmallDisk {
  let mounted: string | null = null;
  afterEach(async () => {
    // The process still has files there: lazily.
    if (mounted !== null) await run('umount', ['-l', mounted]);
    mounted = null;
  });
  return {
    async mount(folder, bytes) {
      if (process.platform !== 'linux' || process.getuid?.() !== 0)
        return 'mounting a small disk needs root on Linux';
      await mkdir(folder, { recursive: true });
      try {
        await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
      } catch (error) {
        return `no small disk can be mounted here: ${(error as Error).message.trim()}`;
      }
      mounted = folder;
      return null;
    },
    async resize(bytes) {
      await run('mount', ['-o', `remount,size=${bytes}`, mounted!]);
    },
  };
}

/** Fills all the space that is left; returns a function that frees it. */
export async function fillUp(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'ballast');
  const file = await open(path, 'w');
  const fill = async (chunk: Buffer): Promise<void> => {
    for (;;) await file.write(chunk);
  };
  // In smaller and smaller pieces, down to the last page.
  for (const size of [1_000_000, 4_096]) {
    await fill(Buffer.alloc(size)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOSPC') throw error;
    });
  }
  await file.close();
  return () => rm(path);
}
