/** The gateway on memory adapters as a process of its own, for the fan-out benchmarks. `node fan-out-gateway.ts <ms between two frames of a room>` */
import { startGateway } from '#gateway/testing/start-gateway.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { changing, SERIES, serveFanOut } from './fan-out-serve.ts';

const { gateway: defaults } = readSettings({});
const frame = Number(process.argv[2] ?? defaults.frame);
const started = await startGateway({
  ...defaults,
  frame,
  connectionsPerAddress: defaults.connections,
  handshakes: defaults.connections,
  handshakesPerAddress: defaults.connections,
});
const pane = Math.floor(Date.now() / 10_000) * 10_000;
const { version } = await started.define('load', {
  event: 'load',
  aggregate: 'count',
  groupBy: ['k'],
  window: '10s',
});
const beat = (): Promise<unknown> => started.facts(pane);
await beat();
// As an aggregator does.
setInterval(() => void beat(), 1_000);
await started.cells('load', version, []);

serveFanOut(Number(new URL(started.url).port), (tick) => {
  const cells = Array.from({ length: SERIES }, (_, series) => ({
    pane,
    group: [`series ${series}`],
    count: changing(series, tick),
    next: tick,
  }));
  void started.cells('load', version, cells);
  return true;
});
