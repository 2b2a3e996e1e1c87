// The double of ClickHouse as a process of its own, so that it can be killed and paused: `clickhouse-main.ts <folder> <port>`.
import { startClickHouseDouble } from '#platform/store/testing/clickhouse-http-double.ts';

const [folder, port] = process.argv.slice(2);
if (folder === undefined || port === undefined) throw new Error('It takes a folder and a port.');
const double = await startClickHouseDouble(folder, { host: '127.0.0.1', port: Number(port) });
console.log(`A test double of ClickHouse answers at ${double.url}`);
process.once('SIGTERM', () => void double.close().then(() => process.exit(0)));
