/**
 * One frame to all sockets of a room: the gateway beside plain Socket.IO (`io.to(room).emit`), in one run. Rounds of the
 * two alternate, and while one is measured the other is halted.
 * `node bench/fan-out.bench.ts [rounds] [seconds a round]` writes results/fan-out.json.
 */
import { compareSides } from './fan-out-compare.ts';
import { startSide } from './fan-out-side.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const ROUNDS = Number(process.argv[2] ?? scaled(5, 1));
const SECONDS = Number(process.argv[3] ?? scaled(2, 0.5));
const SOCKETS = scaled([1_000, 5_000], [20]);
/** Frames a second to all sockets together: more than any server can, and what both can. */
const LOADS = { 'as much as it can': 125_000, '20,000 frames/s': 20_000 };
/** The gateway paces rooms by MILLRACE_FRAME, whose default is 50 ms; here it shall send as much as it can. */
const FRAME = 10;

const rows = [];
for (const sockets of SOCKETS) {
  const gateway = await startSide({ kind: 'gateway', args: [String(FRAME)] });
  const plain = await startSide({ kind: 'plain' });
  await Promise.all([gateway.open(sockets), plain.open(sockets)]);
  for (const [offered, perSecond] of Object.entries(LOADS)) {
    const every = (sockets * 1_000) / perSecond;
    rows.push({
      sockets,
      offered,
      ...(await compareSides(gateway, plain, { every, rounds: ROUNDS, seconds: SECONDS })),
    });
  }
  gateway.close();
  plain.close();
}
await writeResult({
  name: 'fan-out',
  what: 'one frame to all sockets of a room: the gateway beside io.to(room).emit of the same payload',
  command: 'node bench/fan-out.bench.ts',
  conditions: {
    rounds: `median of ${ROUNDS}, the two servers in turn`,
    secondsARound: SECONDS,
    server: 'one core; CPU is that of its whole process, updates, beats and acknowledgements included',
    load: 'another core, one process for each server, bare TCP; loadCpu is its share of that core',
    delay: 'p99 of the event loop, ms',
    MILLRACE_FRAME: FRAME,
  },
  rows,
});
process.exit();
