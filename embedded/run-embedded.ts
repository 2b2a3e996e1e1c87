import { openCatalog } from '#platform/definitions/open-catalog.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import type { Adapters } from './adapters.ts';
import { buildEmbedded, type Embedded, type EmbeddedOptions } from './app.ts';
import { findOwnData } from './demo/find-own-data.ts';

export interface RunOptions extends Omit<EmbeddedOptions, keyof Adapters | 'removeDemo'> {
  open(): Promise<Adapters>;
  /** Deletes all data; the adapters are closed meanwhile. Null where that is not possible. */
  empty: (() => Promise<void>) | null;
  /** A part has ended for good, or data could not be opened again: the process should end. */
  failed: (error: Error) => void;
}

/**
 * The embedded profile as a process runs it: as `buildEmbedded`, and it can empty itself. The removal of the demo closes
 * everything, deletes the data and rebuilds all parts at the same address, so no part needs a way to forget.
 */
export async function runEmbedded(settings: Settings, options: RunOptions): Promise<Embedded> {
  const { open, empty, logger, failed } = options;
  let removing: Promise<void> | null = null;
  let closing = false;
  const removeDemo = (): void => {
    if (closing) return;
    removing ??= removeAndRestart()
      .catch(failed)
      .finally(() => {
        removing = null;
      });
  };
  const start = async (at: Settings): Promise<Embedded> =>
    buildEmbedded(at, { ...options, ...(await open()), removeDemo: empty === null ? null : removeDemo });
  const removeAndRestart = async (): Promise<void> => {
    const port = Number(new URL(app.url).port);
    await app.close();
    // Others may have sent events up to the close, and those are acknowledged: only now is it certain.
    const own = await inspect(open, options);
    if (own === null) {
      await empty?.();
      logger.info('demo data removed');
    } else logger.warn({ code: 'demo_not_removable' }, `demo data not removed: ${own}`);
    app = await start({ ...settings, http: { ...settings.http, port } });
  };

  let app = await start(settings);
  return {
    get url() {
      return app.url;
    },
    startDemo: () => app.startDemo(),
    async close() {
      closing = true;
      await removing;
      await app.close();
    },
  };
}

/** The data that is not the demo's, determined while nothing else runs. */
async function inspect(open: RunOptions['open'], { logger }: RunOptions): Promise<string | null> {
  const { log, store } = await open();
  try {
    const { catalog, close } = await openCatalog(log, { logger, metrics: createMetrics(false) });
    const own = await findOwnData(log, store, catalog);
    await close();
    return own;
  } finally {
    await store.close();
    await log.close();
  }
}
