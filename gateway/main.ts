import { join } from 'node:path';
import { aggregateOf } from '#aggregates/registry.ts';
import { createHostNames } from '#platform/http/callers/host-names.ts';
import { openKafkaLog } from '#platform/log/kafka/open-kafka-log.ts';
import { readKafkaSettings } from '#platform/log/kafka/read-kafka-settings.ts';
import { openTables } from '#platform/service/open-tables.ts';
import { runService } from '#platform/service/run-service.ts';
import { openServerStore } from '#platform/store/open-store.ts';
import { buildGateway } from './app.ts';

/** What `tools/run/build-parts.mjs` makes for browsers. */
const DIST = join(import.meta.dirname, '..', 'dist');
const BUILT = { staticFolder: join(DIST, 'dashboard'), clientFile: join(DIST, 'client', 'client.js') };

await runService(process.env, {
  part: 'gateway',
  openLog: (settings, deps) => openKafkaLog(readKafkaSettings(settings), deps),
  async build(settings, deps) {
    const store = await openTables(openServerStore(settings.store, { aggregateOf }), deps);
    const gateway = buildGateway(
      {
        ...settings.gateway,
        horizon: settings.aggregator.horizon,
        proxies: settings.http.proxies,
        accepts: settings.ingest,
      },
      { ...deps, store, ...BUILT, ...createHostNames(settings.http) },
    );
    return {
      routes: gateway.routes,
      attach: gateway.attach,
      ready: gateway.ready,
      totals: gateway.totals,
      leave: gateway.drain,
    };
  },
});
