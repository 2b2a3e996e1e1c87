import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import type { BackupFile } from './manifest.ts';

/** A file to copy: `bytes` of what lies at `from`, of which the beginning may be another. */
export interface FileToCopy {
  from: string;
  path: string;
  bytes: number;
  head?: Uint8Array;
}

const CHUNK = 1_000_000;
/** Files at the same time. */
const WIDTH = 4;

/**
 * Copies files below a folder and returns what it wrote, in their order, all of it on disk. Rejects with the signal's reason when that
 * aborts, with `backup_unusable` where a file is shorter than it should be.
 */
export async function copyFiles(
  files: readonly FileToCopy[],
  to: string,
  signal: AbortSignal,
): Promise<BackupFile[]> {
  const copied: BackupFile[] = [];
  const folders = new Set<string>();
  let next = 0;
  // What else is being copied ends with the first failure, so that nothing is written after this returns.
  const others = new AbortController();
  const each = AbortSignal.any([signal, others.signal]);
  const work = async (): Promise<void> => {
    for (let i = next++; i < files.length; i = next++) {
      const file = files[i]!;
      const target = join(to, file.path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      for (let folder = dirname(target); folder !== to && !folders.has(folder); folder = dirname(folder))
        folders.add(folder);
      copied[i] = await copyFile(file, target, each);
    }
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: WIDTH }, () =>
      work().catch((error: unknown) => {
        others.abort(error);
        throw error;
      }),
    ),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  for (const folder of [...folders, to]) await syncFolder(folder);
  return copied;
}

async function copyFile(
  { from, path, bytes, head }: FileToCopy,
  target: string,
  signal: AbortSignal,
): Promise<BackupFile> {
  const hash = createHash('sha256');
  const source = await open(from, 'r');
  try {
    const file = await open(target, 'wx', 0o600);
    try {
      const write = async (chunk: Uint8Array): Promise<void> => {
        hash.update(chunk);
        await file.writeFile(chunk);
      };
      if (head !== undefined) await write(head);
      let at = head?.length ?? 0;
      const buffer = Buffer.alloc(Math.min(CHUNK, bytes));
      while (at < bytes) {
        signal.throwIfAborted();
        const chunk = await readChunk(source, buffer.subarray(0, Math.min(buffer.length, bytes - at)), at);
        if (chunk.length === 0) throw tooShort(path, at, bytes);
        at += chunk.length;
        await write(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  } finally {
    await source.close();
  }
  return { path, bytes, sha256: hash.digest('hex') };
}

async function readChunk(source: FileHandle, buffer: Buffer, at: number): Promise<Buffer> {
  const { bytesRead } = await source.read(buffer, 0, buffer.length, at);
  return buffer.subarray(0, bytesRead);
}

/** Its entries are on disk too. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const tooShort = (path: string, found: number, wanted: number): MillraceError =>
  new MillraceError({
    code: 'backup_unusable',
    message: `${path} has ${found} bytes instead of ${wanted}.`,
  });
