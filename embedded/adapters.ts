import { aggregateOf } from '#aggregates/registry.ts';
import { openLmdbLog } from '#platform/log/lmdb-log.ts';
import type { Log } from '#platform/log/log.ts';
import type { Logger } from '#platform/process/logger.ts';
import type { Settings } from '#platform/process/settings.ts';
import { openEmbeddedStore, openServerStore } from '#platform/store/open-store.ts';
import type { Store } from '#platform/store/store.ts';
import { logFolder, prepareDataFolder, storeFolder } from './data-folder.ts';

export interface Adapters {
  log: Log;
  store: Store;
}

/** The adapters of the embedded profile, in one folder: LMDB, and chDB unless a ClickHouse server is set. */
export async function openAdapters(settings: Settings, logger: Logger): Promise<Adapters> {
  const { data } = settings.process;
  await prepareDataFolder(data);
  const log = await openLmdbLog({
    folder: logFolder(data),
    onExpireError: (error) =>
      logger.error({ code: 'log_unavailable', err: error }, 'retention of the log failed'),
  });
  try {
    const store = await openStore(settings);
    return { log, store };
  } catch (error) {
    await log.close();
    throw error;
  }
}

const openStore = async ({ store, process }: Settings): Promise<Store> =>
  store.url === ''
    ? openEmbeddedStore(
        { folder: storeFolder(process.data), memory: store.memory, sessions: store.sessions },
        { aggregateOf },
      )
    : openServerStore(store, { aggregateOf });
