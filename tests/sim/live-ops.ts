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
const SWITCH_WEIGHTS: Weights = [
  ...WORLD_WEIGHTS.filter(([op]) => op !== 'define' && op !== 'fill'),
  ['save', 8],
  ['change', 7],
  ['delete', 1],
  ['learn', 12],
  ['control', 12],
  ['fill-step', 12],
  ['start', 16],
  ['bring', 6],
  ['serve', 24],
];
const ADDED_WEIGHTS: Weights = [...WORLD_WEIGHTS, ['import', 4], ['rebuild', 1]];
const lotsOf = (weights: typeof LIVE_WEIGHTS): LiveStep['do'][] =>
  weights.flatMap(([step, weight]) => new Array<LiveStep['do']>(weight).fill(step));
const LOTS = lotsOf(LIVE_WEIGHTS);
const SWITCH_LOTS = lotsOf([...LIVE_WEIGHTS, ['learn', 8], ['follow', 5]]);

/** Runs of the whole chain: aggregators, gateways and clients in turn. */
export const generateJointOps = (seed: number, length: number): Op[] =>
  generate(seed, length, WORLD_WEIGHTS, LOTS);

/** The same while history is imported and metrics are rebuilt. */
export const generateAddedJointOps = (seed: number, length: number): Op[] =>
  generate(seed, length, ADDED_WEIGHTS, LOTS);

/** The same while a metric is changed, deleted and re-created. */
export const generateSwitchOps = (seed: number, length: number): Op[] =>
  generate(seed, length, SWITCH_WEIGHTS, SWITCH_LOTS);

function generate(seed: number, length: number, weights: Weights, lots: readonly LiveStep['do'][]): Op[] {
  const random = createRandom(seed);
  const next = createOpSource(random, weights);
  return Array.from({ length }, () => (random.next() < 0.45 ? next() : nextLive(random, lots)));
}

function nextLive(random: Random, lots: readonly LiveStep['do'][]): LiveOp {
  if (random.next() < 0.002) return { op: 'live', do: 'renew' };
  const step = random.pick(lots);
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
    return { op, do: step, c, how: random.pick(['all', 'all', 'once', 'once', 'twice', 'lost', 'late']) };
  if (step === 'hang-up' || step === 'timer') return { op, do: step, c };
  return { op, do: step as 'join', g };
}
