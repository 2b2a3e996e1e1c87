import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RootDatabase } from 'lmdb';
import { MillraceError } from '#contracts/errors.ts';
import { LOG_FILE } from './lmdb-damage.ts';

/*
 * A page-by-page copy of LMDB's file is torn by concurrent commits unless a read transaction is open: no commit writes to a page
 * that the reader's own commit, or a later one, may still use. So the reader begins first, then the two pages that say which commit is the
 * last are read, and everything else may be copied at leisure: the pages of that commit stay as they are until the reader ends.
 */

/** Where a meta page keeps the number of its last page and of its commit. */
const LAST_PAGE_AT = 144;
const COMMIT_AT = 152;
const METAS = 2;
/** Reads of the meta pages at most, until they no longer change; ms between two of them. */
const LOOKS = 200;
const BETWEEN = 5;

/** One commit of a log, whose file can be copied while others follow. */
export interface LogSnapshot {
  /** The file, of which `bytes` belong to the commit; its beginning is `head`, whatever is there by now. */
  file: string;
  bytes: number;
  head: Uint8Array;
  /** The pages may be used again. Idempotent. */
  release(): void;
}

/** Pins the last commit of an environment that is open. */
export async function pinSnapshot(
  env: RootDatabase<Uint8Array, number>,
  folder: string,
): Promise<LogSnapshot> {
  const file = join(folder, LOG_FILE);
  // An older reader would do no harm, but would keep more pages than needed.
  env.resetReadTxn();
  const reader = env.useReadTransaction();
  let isHeld = true;
  const release = (): void => {
    if (isHeld) reader.done();
    isHeld = false;
  };
  try {
    const { pageSize } = env.getStats() as { pageSize: number };
    const head = await readHead(file, METAS * pageSize);
    return { file, bytes: lastPage(head, pageSize) * pageSize, head, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** The meta pages as they are between two commits. */
async function readHead(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const read = async (): Promise<Buffer> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
      if (bytesRead === buffer.length) return buffer;
      throw new MillraceError({ code: 'log_damaged', message: `The log's file ${path} has no beginning.` });
    };
    let last = await read();
    for (let look = 0; look < LOOKS; look++) {
      const next = await read();
      if (next.equals(last)) return last;
      last = next;
      await wait(BETWEEN);
    }
    throw new MillraceError({
      code: 'log_unavailable',
      message: `The log's file ${path} keeps changing.`,
    });
  } finally {
    await file.close();
  }
}

/** Pages of the newer of the two commits. */
function lastPage(head: Buffer, pageSize: number): number {
  const newer = head.readBigUInt64LE(COMMIT_AT) > head.readBigUInt64LE(pageSize + COMMIT_AT) ? 0 : pageSize;
  return Number(head.readBigUInt64LE(newer + LAST_PAGE_AT)) + 1;
}
