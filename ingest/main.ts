import { randomUUID } from 'node:crypto';
import { openKafkaLog } from '#platform/log/kafka/open-kafka-log.ts';
import { readKafkaSettings } from '#platform/log/kafka/read-kafka-settings.ts';
import { runService } from '#platform/service/run-service.ts';
import { buildIngest } from './app.ts';

await runService(process.env, {
  part: 'ingest',
  openLog: (settings, deps) => openKafkaLog(readKafkaSettings(settings), deps),
  async build({ ingest: slice, log: { partitions } }, deps) {
    const ingest = buildIngest({ ...slice, partitions }, { ...deps, randomId: randomUUID });
    // After the server has closed: what was taken by then is made durable.
    deps.onStop(ingest.drain);
    return {
      routes: ingest.routes,
      ready: () => null,
      totals: () => ({ totals: ingest.totals(), gauges: {} }),
    };
  },
});
