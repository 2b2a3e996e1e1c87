// The double as the process of a container: reachable from the whole network, and stopped by signals.
import { startClickHouseDouble } from '#platform/store/testing/clickhouse-http-double.ts';

const double = await startClickHouseDouble('/var/lib/clickhouse/chdb', { host: '0.0.0.0', port: 8123 });
console.log(`A test double of ClickHouse answers at ${double.url}`);
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => void double.close().then(() => process.exit(0)));
}
