/**
 * What a frame costs as connections double: the gateway beside plain Socket.IO, in turn, with the same frames a second
 * in total.
 * `node bench/fan-out-curve.bench.ts [rounds] [seconds a round]` writes results/curve-connections.json.
 */
import { compareSides } from './fan-out-compare.ts';
import { startSide } from './fan-out-side.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const ROUNDS = Number(process.argv[2] ?? scaled(3, 1));
const SECONDS = Number(process.argv[3] ?? scaled(3, 0.5));
const CONNECTIONS = scaled([625, 1_250, 2_500, 5_000, 10_000], [10, 20]);
const PER_SECOND = scaled(20_000, 1_000);
const FRAME = 10;

const rows = [];
const gateway = await startSide({ kind: 'gateway', args: [String(FRAME)] });
const plain = await startSide({ kind: 'plain' });
let open = 0;
for (const connections of CONNECTIONS) {
  await Promise.all([gateway.open(connections - open), plain.open(connections - open)]);
  open = connections;
  const every = (connections * 1_000) / PER_SECOND;
  const rounds = { every, rounds: ROUNDS, seconds: SECONDS };
  rows.push({ connections, everyMs: every, ...(await compareSides(gateway, plain, rounds)) });
}
gateway.close();
plain.close();
await writeResult({
  name: 'curve-connections',
  what: 'CPU of the server for a frame delivered, and its loop delay, as connections double: the gateway beside io.to(room).emit',
  command: 'node bench/fan-out-curve.bench.ts',
  conditions: {
    rounds: `median of ${ROUNDS}, the two servers in turn`,
    secondsARound: SECONDS,
    framesPerSecond: `${PER_SECOND} asked of both, whatever the connections; beats of the gateway come on top`,
    cpuMicrosPerFrame: 'of the whole process, updates, beats and acknowledgements included',
    MILLRACE_FRAME: FRAME,
  },
  x: 'connections',
  rows,
});
process.exit();
