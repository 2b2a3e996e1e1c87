import type { LiveOp, LiveStep } from './live-op.ts';
import { createOpSource, type Op, type Weights } from './ops.ts';
import { createRandom, type Random } from './random.ts';

export const GATEWAYS = 2;
export const CLIENTS = 5;

const LIVE_WEIGHTS: readonly (readonly [LiveStep['do'], number])[] = [
  ['join', 8],
  ['crash', 2],
  ['begin', 7],
  ['finish', 7],
  ['sweep', 2],
  ['run', 8],
  ['apply', 14],
  ['answer', 8],
  ['flush', 10],
  ['connect', 8],
  ['hang-up', 1],
  ['timer', 3],
  ['deliver', 20],
];
/** Here the aggregators mostly run on: what matters is what reaches the gateways, and when. */
const WORLD_WEIGHTS: Weights = [
  ['append', 26],
  ['flow', 20],
  ['fold', 8],
  ['publish', 5],
  ['land', 5],
  ['flush', 4],
  ['step', 10],
  ['save', 8],
  ['beat', 10],
  ['crash', 1],
  ['rebalance', 1],
  ['define', 2],
  ['fill', 2],
];
const LOTS = LIVE_WEIGHTS.flatMap(([step, weight]) => new Array<LiveStep['do']>(weight).fill(step));

/** Runs of the whole chain: aggregators, gateways and clients in turn. */
export function generateJointOps(seed: number, length: number): Op[] {
  const random = createRandom(seed);
  const next = createOpSource(random, WORLD_WEIGHTS);
  return Array.from({ length }, () => (random.next() < 0.45 ? next() : nextLive(random)));
}

function nextLive(random: Random): LiveOp {
  if (random.next() < 0.002) return { op: 'live', do: 'renew' };
  const step = random.pick(LOTS);
  const g = random.below(GATEWAYS);
  const c = random.below(CLIENTS);
  const op = 'live';
  if (step === 'apply') return { op, do: step, g, records: 1 + random.below(4) };
  if (step === 'finish') return { op, do: step, g, nth: random.below(3), fails: random.next() < 0.03 };
  if (step === 'answer') return { op, do: step, g, patient: random.next() < 0.8 };
  if (step === 'flush')
    return { op, do: step, g, lag: random.next() < 0.3 ? c : null, all: random.next() < 0.3 };
  if (step === 'connect') return { op, do: step, c, g };
  if (step === 'deliver')
    return { op, do: step, c, how: random.pick(['all', 'all', 'once', 'once', 'twice', 'lost']) };
  if (step === 'hang-up' || step === 'timer') return { op, do: step, c };
  return { op, do: step as 'join', g };
}
