import type { LmdbLog } from '#platform/log/lmdb/lmdb-log.ts';
import type { LogSnapshot } from '#platform/log/lmdb/lmdb-snapshot.ts';
import { closeAll } from '#platform/process/tasks/each-apart.ts';
import type { EmbeddedStore } from '#platform/store/open-store.ts';

/** Log and Store as they belong together, in files that stay as they are until it is released. */
export interface DataHold {
  log: Pick<LogSnapshot, 'file' | 'bytes' | 'head'>;
  storeFolder: string;
  /** Idempotent. */
  release(): Promise<void>;
}

/**
 * Keeps data that is in use as it is now. The Store comes first: a commit row in it names a position, and the Log, which is kept a
 * moment later, holds everything from there on, since retention drops nothing meanwhile. What a copy of both is given to sees what it
 * would see after a crash.
 */
export async function holdData(
  log: Pick<LmdbLog, 'holdRetention' | 'snapshot'>,
  store: Pick<EmbeddedStore, 'freeze'>,
): Promise<DataHold> {
  const releases: (() => Promise<void>)[] = [];
  let released: Promise<void> | null = null;
  const release = (): Promise<void> => {
    released ??= closeAll(releases);
    return released;
  };
  try {
    const resume = await log.holdRetention();
    releases.push(async () => resume());
    const frozen = await store.freeze();
    releases.push(frozen.release);
    const snapshot = await log.snapshot();
    releases.push(async () => snapshot.release());
    return { log: snapshot, storeFolder: frozen.folder, release };
  } catch (error) {
    await release();
    throw error;
  }
}
