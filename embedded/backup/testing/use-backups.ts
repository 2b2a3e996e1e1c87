import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { openLmdbLog } from '#platform/log/lmdb/lmdb-log.ts';
import { logFolder, storeFolder } from '../../data-folder.ts';
import { type BackupOptions, backUp } from '../back-up.ts';
import type { Manifest } from '../manifest.ts';
import { type RestoreOptions, restore } from '../restore.ts';

/** A file in place of the Store's. */
export const PART = 'store/store/abc/def/all_1_1_0/data.bin';
const VERSIONS = { millrace: '0.1.0', engine: '3.4.0', log: 2, store: 2 };

/** A data folder that was left in order, and where its backup goes, for each test. */
export interface Backups {
  readonly root: string;
  readonly data: string;
  readonly target: string;
  back(more?: Partial<BackupOptions>): Promise<Manifest>;
  restoreTo(data: string, more?: Partial<RestoreOptions>): Promise<Manifest>;
  /** Another process works in the folder, or seems to. */
  holdLog(folder?: string): Promise<void>;
  /** Is closed before all is removed. */
  closeLater(close: () => Promise<unknown>): void;
}

export function useBackups(): Backups {
  let root = '';
  const closers: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'millrace-backup-'));
    await makeData(join(root, 'data'));
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await rm(root, { recursive: true, force: true });
  });
  const common = () => ({
    data: join(root, 'data'),
    versions: VERSIONS,
    floors: { bytes: 0, share: 0 },
    signal: new AbortController().signal,
  });
  return {
    get root() {
      return root;
    },
    get data() {
      return join(root, 'data');
    },
    get target() {
      return join(root, 'backup');
    },
    back: (more) => backUp({ ...common(), target: join(root, 'backup'), ...more }),
    restoreTo: (data, more) => restore({ ...common(), data, source: join(root, 'backup'), ...more }),
    async holdLog(folder = join(root, 'data')) {
      const log = await openLmdbLog({ folder: logFolder(folder) });
      closers.push(log.close);
    },
    closeLater: (close) => void closers.push(close),
  };
}

async function makeData(data: string): Promise<void> {
  await mkdir(logFolder(data), { recursive: true });
  const log = await openLmdbLog({ folder: logFolder(data) });
  await log.ensureTopics([{ name: 'events', partitions: 1, retention: null, bytes: null }]);
  await log.append('events', 0, [{ key: null, headers: {}, value: Buffer.from('kept') }]);
  await log.close();
  await mkdir(join(data, PART, '..'), { recursive: true });
  await writeFile(join(data, PART), 'rows');
  for (const passing of ['status', 'tmp/x', 'shadow/y']) {
    await mkdir(join(storeFolder(data), passing, '..'), { recursive: true });
    await writeFile(join(storeFolder(data), passing), '');
  }
}

/** Code and words of a refusal; "none" without one. */
export const refusalOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: MillraceError) => `${error.code}: ${error.message}`,
  );

/** The reason with which Ctrl-C aborts. */
export const INTERRUPTED = new MillraceError({ code: 'backup_interrupted', message: 'Interrupted.' });
