/**
 * Memory of idle connections: the gateway, each with a view, beside plain Socket.IO, each in a room; and the gateway
 * under flags of Node that trade CPU for memory, with what a frame costs then.
 * `node bench/connections.bench.ts [connections] [rounds]` writes results/connections.json.
 */
import { type SideOptions, startSide } from './fan-out-side.ts';
import { median, rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const CONNECTIONS = Number(process.argv[2] ?? scaled(10_000, 100));
const ROUNDS = Number(process.argv[3] ?? scaled(2, 1));
const SETTLE = scaled(1_500, 100);
const CASES: Record<string, SideOptions> = {
  'plain Socket.IO': { kind: 'plain' },
  'plain Socket.IO --max-semi-space-size=2': { kind: 'plain', nodeArgs: ['--max-semi-space-size=2'] },
  gateway: { kind: 'gateway' },
  'gateway --max-semi-space-size=2': { kind: 'gateway', nodeArgs: ['--max-semi-space-size=2'] },
  'gateway --max-semi-space-size=2 --optimize-for-size': {
    kind: 'gateway',
    nodeArgs: ['--max-semi-space-size=2', '--optimize-for-size'],
  },
};
/** A frame a second: what a quiet board gets. */
const EVERY = scaled(1_000, 100);
const SECONDS = scaled(3, 1);

interface Figures {
  rssKB: number;
  heapKB: number;
  connectCpuMicros: number;
  frameCpuMicros: number;
}

async function measure(options: SideOptions): Promise<Figures> {
  // A full collection before each look, so that garbage of connecting is not counted as heap.
  const side = await startSide({ ...options, nodeArgs: ['--expose-gc', ...(options.nodeArgs ?? [])] });
  const before = await side.measure();
  await side.open(CONNECTIONS);
  const { cpu } = await side.measure();
  await new Promise((resolve) => setTimeout(resolve, SETTLE));
  const after = await side.measure();
  const { cpuMicrosPerFrame } = await side.send(EVERY, SECONDS);
  side.close();
  return {
    rssKB: (after.rss - before.rss) / CONNECTIONS / 1_024,
    heapKB: (after.heap - before.heap) / CONNECTIONS / 1_024,
    connectCpuMicros: (cpu - before.cpu) / CONNECTIONS,
    frameCpuMicros: cpuMicrosPerFrame,
  };
}

const found = new Map<string, Figures[]>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, options] of Object.entries(CASES)) {
    found.set(name, [...(found.get(name) ?? []), await measure(options)]);
    console.log(name, found.get(name)!.at(-1));
  }
}
const plain = found.get('plain Socket.IO')!;
const rows = [...found].map(([server, figures]) => {
  const middle = (name: keyof Figures): number => median(figures.map((one) => one[name]));
  const ratio = (name: keyof Figures): number =>
    rounded(median(figures.map((one, i) => one[name] / plain[i]![name])));
  return {
    server,
    rssKB: rounded(middle('rssKB'), 1),
    heapKB: rounded(middle('heapKB'), 1),
    connectCpuMicros: Math.round(middle('connectCpuMicros')),
    frameCpuMicros: rounded(middle('frameCpuMicros'), 1),
    rssToPlain: ratio('rssKB'),
    heapToPlain: ratio('heapKB'),
  };
});
await writeResult({
  name: 'connections',
  what: `memory and CPU of ${CONNECTIONS} idle WebSocket connections: the gateway beside plain Socket.IO`,
  command: 'node bench/connections.bench.ts',
  conditions: {
    connections: CONNECTIONS,
    rounds: `median of ${ROUNDS}, the cases in turn, a process each`,
    memory: 'a connection, KB: after a full collection, less what the empty process had',
    gateway: 'memory adapters; every client has subscribed to one view',
    frameCpuMicros:
      'CPU of the server for a message at one frame a second, beats and acknowledgements included',
  },
  rows,
});
process.exit();
