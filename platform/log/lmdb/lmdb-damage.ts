import { closeSync, fstatSync, ftruncateSync, openSync, readSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import type { Storage } from '../local/storage.ts';

/*
 * What LMDB guarantees: a transaction writes to pages that no committed one uses, syncs them, and then writes one of two
 * meta pages. So a crash at any moment, with a last write that is torn or missing, leaves the last commit whole. What it does
 * not guard against is damage to committed pages by others: its pages have no checksums (records and bounds have ours), and
 * the file is mapped, so that reading behind its end kills the process with SIGBUS. That is found here, before anything is read.
 */

export const LOG_FILE = 'data.mdb';
const MAGIC = 0xbeefc0de;
/** Where a meta page keeps it: behind the page's own head. */
const MAGIC_AT = 24;

/** Throws `log_damaged` when there is a file and LMDB has not written it: its engine would crash on it. */
export function checkHead(folder: string): void {
  let file: number;
  try {
    file = openSync(join(folder, LOG_FILE), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const head = Buffer.alloc(MAGIC_AT + 4);
    const read = readSync(file, head, 0, head.length, 0);
    if (read === 0) return;
    if (read < head.length || head.readUInt32LE(MAGIC_AT) !== MAGIC)
      throw damaged(folder, 'it does not begin with an LMDB header');
  } finally {
    closeSync(file);
  }
}

/**
 * Where the file is shorter than its pages, makes it long enough to be read without a crash, with zeros. That alone is no
 * damage: pages that a transaction took and gave back are never written. Returns how to undo it; null where nothing was short.
 */
export function padShortFile(folder: string, bytes: number): (() => void) | null {
  const path = join(folder, LOG_FILE);
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    if (size >= bytes) return null;
    ftruncateSync(file, bytes);
    return () => truncateSync(path, size);
  } finally {
    closeSync(file);
  }
}

/** Reads every record of a padded file; throws `log_damaged` where one has lost bytes. */
export function checkRecords(storage: Storage, folder: string): void {
  try {
    for (const { name, partitions } of storage.topics()) {
      for (let partition = 0; partition < partitions; partition++) {
        const { start, end } = storage.readState(name, partition);
        for (let offset = start; offset < end; offset++) {
          const found = storage.peek(name, partition, offset);
          const place = `record ${offset} of ${name}/${partition}`;
          if (found === null) throw new Error(`${place} is missing`);
          if (found.time === null) throw new Error(`${place} is cut`);
        }
      }
    }
  } catch (error) {
    throw damaged(folder, `its end is missing, ${(error as Error).message}`);
  }
}

export const damaged = (folder: string, why: string): MillraceError =>
  new MillraceError({
    code: 'log_damaged',
    message: `The log's file ${join(folder, LOG_FILE)} is damaged: ${why}.`,
  });
