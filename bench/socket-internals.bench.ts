/**
 * The gateway with and without each way it reaches into the insides of Socket.IO for speed or memory. A stand-in of `without/` takes the place of a
 * module of the gateway; rounds with and without alternate, a process each.
 * `node bench/socket-internals.bench.ts [connections] [rounds] [seconds a round]` writes results/socket-internals.json.
 */
import { pathToFileURL } from 'node:url';
import { startSide } from './fan-out-side.ts';
import { median, rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const CONNECTIONS = Number(process.argv[2] ?? scaled(2_000, 50));
const ROUNDS = Number(process.argv[3] ?? scaled(5, 1));
const SECONDS = Number(process.argv[4] ?? scaled(2, 0.5));
const SETTLE = scaled(1_000, 50);
/** ms between two frames of a room: 20,000 frames a second in all. */
const EVERY = CONNECTIONS / 20;
const FRAME = 10;
const INTERNALS = 'gateway/sockets/socket-internals.ts';
const LINK = 'gateway/sockets/socket-io-link.ts';
/** What is left out: the module, and its stand-in. */
const CASES: Record<string, [module: string, standIn: string]> = {
  'request and headers of a WebSocket released': [INTERNALS, 'release-request.ts'],
  'frames written to the network socket (without: send of engine.io)': [LINK, 'raw-write.ts'],
  'frames written to the network socket (without: wsPreEncodedFrame)': [LINK, 'raw-write-framed.ts'],
};

interface Figures {
  cpuMicrosPerFrame: number;
  framesPerSecond: number;
  delayP99Ms: number;
  rssKB: number;
  heapKB: number;
  connectCpuMicros: number;
}

async function measure(without: [string, string] | null): Promise<Figures> {
  const hook = pathToFileURL(`${import.meta.dirname}/without/replace.ts`);
  if (without !== null) hook.searchParams.set(...without);
  const nodeArgs = ['--expose-gc', '--max-semi-space-size=2', `--import=${hook}`];
  const side = await startSide({ kind: 'gateway', args: [String(FRAME)], nodeArgs });
  const before = await side.measure();
  await side.open(CONNECTIONS);
  const { cpu } = await side.measure();
  await new Promise((resolve) => setTimeout(resolve, SETTLE));
  const after = await side.measure();
  const { cpuMicrosPerFrame, framesPerSecond, delayP99Ms } = await side.send(EVERY, SECONDS);
  side.close();
  return {
    cpuMicrosPerFrame,
    framesPerSecond,
    delayP99Ms,
    rssKB: (after.rss - before.rss) / CONNECTIONS / 1_024,
    heapKB: (after.heap - before.heap) / CONNECTIONS / 1_024,
    connectCpuMicros: (cpu - before.cpu) / CONNECTIONS,
  };
}

const rows = [];
for (const [reach, without] of Object.entries(CASES)) {
  const found: Record<'with' | 'without', Figures[]> = { with: [], without: [] };
  for (let round = 0; round < ROUNDS; round++) {
    found.with.push(await measure(null));
    found.without.push(await measure(without));
  }
  const middle = (figures: Figures[], name: keyof Figures): number =>
    rounded(median(figures.map((one) => one[name])), 1);
  const ratio = (name: keyof Figures): number =>
    rounded(median(found.without.map((one, i) => one[name] / found.with[i]![name])));
  const names = Object.keys(found.with[0]!) as (keyof Figures)[];
  const all = (of: (name: keyof Figures) => number) =>
    Object.fromEntries(names.map((name) => [name, of(name)]));
  rows.push({
    reach,
    with: all((name) => middle(found.with, name)),
    without: all((name) => middle(found.without, name)),
    // Above 1, except for the rate, the internals are the better way.
    ratio: all(ratio),
  });
  console.log(reach, rows.at(-1)!.ratio);
}
await writeResult({
  name: 'socket-internals',
  what: 'the gateway with and without each reach into the insides of Socket.IO; ratios are without to with',
  command: 'node bench/socket-internals.bench.ts',
  conditions: {
    connections: CONNECTIONS,
    rounds: `median of ${ROUNDS}, and of the ratios of each round; with and without in turn, a process each`,
    secondsARound: SECONDS,
    offered: '20,000 frames a second to all sockets of a room; acknowledgements as the SDK sends them',
    memory: 'a connection, KB: after a full collection, less what the empty process had',
    nodeArgs: '--max-semi-space-size=2',
    MILLRACE_FRAME: FRAME,
  },
  rows,
});
process.exit();
