import { aggregateOf } from '#aggregates/registry.ts';
import { defineBuiltIns } from '#platform/definitions/define-built-ins.ts';
import { openKafkaLog } from '#platform/log/kafka/open-kafka-log.ts';
import { readKafkaSettings } from '#platform/log/kafka/read-kafka-settings.ts';
import { openTables } from '#platform/service/open-tables.ts';
import { runService } from '#platform/service/run-service.ts';
import { openServerStore } from '#platform/store/open-store.ts';
import { buildAggregator } from './worker.ts';

await runService(process.env, {
  part: 'aggregator',
  openLog: (settings, deps) => openKafkaLog(readKafkaSettings(settings), deps),
  async build(settings, deps) {
    const store = await openTables(openServerStore(settings.store, { aggregateOf }), deps);
    await deps.untilThere('the definitions', () => defineBuiltIns(deps.catalog, settings.aggregator.horizon));
    const slice = { ...settings.aggregator, archive: settings.store.archive };
    const aggregator = await deps.untilThere('the Store and the Log', () =>
      buildAggregator(slice, { ...deps, store }),
    );
    deps.onStop(aggregator.close);
    return { ready: aggregator.ready, totals: aggregator.totals };
  },
});
