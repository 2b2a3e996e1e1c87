import { aggregateOf } from '#aggregates/registry.ts';
import { type DiskGuard, openDiskGuard } from '#platform/disk/disk-guard.ts';
import { pinPath } from '#platform/disk/pinned-path.ts';
import { openLmdbLog } from '#platform/log/lmdb/lmdb-log.ts';
import type { Log } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import { guardStore } from '#platform/store/guard-store.ts';
import { type EmbeddedStore, openEmbeddedStore, openServerStore } from '#platform/store/open-store.ts';
import type { Store } from '#platform/store/store.ts';
import { type DataHold, holdData } from './backup/hold-data.ts';
import { logFolder, prepareDataFolder, storeFolder } from './data-folder.ts';

export interface Adapters {
  log: Log;
  store: Store;
  /** Of the Log's disk, and of the Store's where it is ours; none where nothing is on disk. */
  disks?: readonly DiskGuard[];
  /** Keeps Log and Store as they are now for a backup; none where they are not both in the data folder. */
  hold?: () => Promise<DataHold>;
}

/** The adapters of the embedded profile, in one folder: LMDB, and chDB unless a ClickHouse server is set. */
export async function openAdapters(settings: Settings, logger: Logger): Promise<Adapters> {
  const { data } = settings.process;
  await prepareDataFolder(data);
  const guardOf = (owner: string, folder: string): Promise<DiskGuard> =>
    openDiskGuard({
      owner,
      folder,
      floor: settings.process.diskFloor,
      floorShare: settings.process.diskFloorShare,
    });
  const logGuard = await guardOf('Log', logFolder(data));
  const log = await openLmdbLog({
    folder: logFolder(data),
    guard: logGuard,
    onExpireError: (error) => logger.error({ code: codeOf(error), err: error }, 'log retention failed'),
  });
  try {
    if (settings.store.url !== '')
      return { log, store: openServerStore(settings.store, { aggregateOf }), disks: [logGuard] };
    const storeGuard = await guardOf('Store', storeFolder(data));
    const embedded = await openChdbStore(settings);
    const store = guardStore(embedded, storeGuard);
    storeGuard.pin(pinPath(storeFolder(data), 'Store'));
    return { log, store, disks: [logGuard, storeGuard], hold: () => holdData(log, embedded) };
  } catch (error) {
    await log.close();
    throw error;
  }
}

const openChdbStore = ({ store, process }: Settings): Promise<EmbeddedStore> =>
  openEmbeddedStore(
    { folder: storeFolder(process.data), memory: store.memory, sessions: store.sessions },
    { aggregateOf },
  );
