import type { LiveOp } from './live-op.ts';
import { createRandom, type Random } from './random.ts';
import { BODIES } from './simulated-metrics.ts';

/** An event as the simulation makes it; the core sees only its JSON text. */
export interface SimEvent {
  id: string | null;
  key: string | null;
  /** Epoch ms. */
  ts: number;
  group: string;
  /** Distinct per event, so that equal sums mean equal sets; null stands for text in the field. */
  n: number | null;
}

/**
 * One step of the world. `p` is a partition; `z` picks its newest owner (0) or the one before it, a zombie (1).
 * `step` makes one read of a restore or one write of a flush; `flow` folds all that is there and publishes it;
 * `start` brings definitions into the log and commits, `bring` fills in and
 * retires, too.
 */
export type Op =
  | {
      op: 'append';
      p: number;
      events: SimEvent[];
      received: number;
      block: string | null;
      /** Whether they are history that is imported. */
      imported?: boolean;
    }
  /** An owner appends that late events count for a metric, or one of an earlier request once more. */
  | { op: 'rebuild'; p: number; later: boolean; request: number }
  | { op: 'repeat'; p: number; nth: number }
  | {
      op:
        | 'flow'
        | 'fold'
        | 'publish'
        | 'land'
        | 'refuse'
        | 'flush'
        | 'save'
        | 'step'
        | 'fail'
        | 'define'
        | 'fill'
        | 'fill-step'
        | 'roll'
        | 'learn'
        | 'control'
        | 'start'
        | 'bring'
        | 'serve';
      p: number;
      z: number;
    }
  | { op: 'beat'; p: number; z: number; now: number }
  | { op: 'settings'; p: number; groups: number; ids: number }
  | { op: 'crash' | 'rebalance'; p: number }
  /** A definition of the changing metric is written: with another body, or based on a stale one. */
  | { op: 'change'; body: number; stale: boolean }
  | { op: 'delete' }
  | LiveOp;

export const PARTITIONS = 2;
/** Start of simulated time: away from 0, so that clamping at 0 hides nothing. */
export const EPOCH = 1_600_000_000_000;
const GROUPS = ['x', 'y', 'z', 'w'];
const SECOND = 1_000;

/** What happens next, by weight. */
export type Weights = readonly (readonly [Kind, number])[];
type Kind = Op['op'] | 'import';
const WEIGHTS: Weights = [
  ['append', 20],
  ['repeat', 2],
  ['fold', 24],
  ['publish', 6],
  ['land', 4],
  ['refuse', 1],
  ['flush', 8],
  ['step', 26],
  ['save', 4],
  ['fail', 1],
  ['crash', 3],
  ['rebalance', 3],
  ['define', 3],
  ['fill', 3],
  ['settings', 1],
];

/** What happens in the Log, the Store and the aggregators, one op a call. */
export function createOpSource(random: Random, weights: Weights): () => Op {
  const clock: Clock = { now: EPOCH, block: 0, value: 0, partition: 0, request: 0 };
  const lots = weights.flatMap(([op, weight]) => new Array<Kind>(weight).fill(op));
  return () => nextOp(random.pick(lots), random, clock);
}

export const generateOps = (seed: number, length: number): Op[] => generate(seed, length, WEIGHTS);

/** The same, in which most events are samples of one of two counters. */
export const generateCounterOps = (seed: number, length: number): Op[] =>
  generateOps(seed, length).map((op) => {
    if (op.op !== 'append') return op;
    const keyOf = ({ n }: SimEvent): string | null =>
      n === null ? 'k' : (['k', 'l', 'k', null][n % 4] ?? null);
    return { ...op, events: op.events.map((event) => ({ ...event, key: keyOf(event) })) };
  });

/** Runs in which history is imported and metrics are rebuilt with late events. */
const ADDED_WEIGHTS: Weights = [
  ['append', 16],
  ['import', 8],
  ['rebuild', 6],
  ['repeat', 1],
  ['fold', 24],
  ['publish', 2],
  ['flush', 4],
  ['step', 14],
  ['save', 6],
  ['fail', 1],
  ['crash', 3],
  ['rebalance', 4],
  ['define', 3],
  ['fill', 3],
  ['fill-step', 16],
  ['settings', 2],
];
export const generateAddedOps = (seed: number, length: number): Op[] => generate(seed, length, ADDED_WEIGHTS);

/** Runs beside roll-ups, with back-fills and definitions more often. */
const ROLL_UP_WEIGHTS: Weights = [...WEIGHTS, ['save', 8], ['roll', 30], ['define', 3], ['fill-step', 12]];
export const generateRollUpOps = (seed: number, length: number): Op[] =>
  generate(seed, length, ROLL_UP_WEIGHTS);

function generate(seed: number, length: number, weights: Weights): Op[] {
  const next = createOpSource(createRandom(seed), weights);
  return Array.from({ length }, next);
}

interface Clock {
  now: number;
  block: number;
  value: number;
  partition: number;
  request: number;
}

function nextOp(op: Kind, random: Random, clock: Clock): Op {
  // Mostly where the last op was, because faults arise between neighbouring ops.
  const p = random.next() < 0.6 ? clock.partition : random.below(PARTITIONS);
  clock.partition = p;
  const z = random.next() < 0.3 ? 1 : 0;
  if (op === 'append') return nextAppend(random, clock, p, false);
  if (op === 'import') return nextAppend(random, clock, p, true);
  if (op === 'rebuild') return nextRebuild(random, clock, p);
  if (op === 'repeat') return { op, p, nth: random.below(9) };
  if (op === 'settings') return { op, p, groups: 1 + random.below(3), ids: 1 + random.below(4) };
  if (op === 'crash' || op === 'rebalance') return { op, p };
  if (op === 'change') return { op, body: random.below(BODIES), stale: random.next() < 0.1 };
  if (op === 'delete') return { op };
  if (op === 'beat') return { op, p, z, now: passTime(random, clock) };
  return { op, p, z } as Op;
}

function passTime(random: Random, clock: Clock): number {
  clock.now += random.pick([0, 0, 500, 1, 2_000]) * (random.next() < 0.5 ? 1 : 2);
  return clock.now;
}

function nextRebuild(random: Random, clock: Clock, p: number): Op {
  if (random.next() < 0.7) clock.request++;
  return { op: 'rebuild', p, later: random.next() < 0.5, request: clock.request };
}

function nextAppend(random: Random, clock: Clock, p: number, imported: boolean): Op {
  passTime(random, clock);
  const foreign = random.next() < 0.1;
  const count = foreign ? 1 : random.pick([1, 1, 2, 3]);
  const events = Array.from({ length: count }, (): SimEvent => {
    clock.value++;
    const behind = random.pick(imported ? [0, 2, 6, 10, 20, 20] : [0, 0, 0, 1, 2, 4, 6]) * SECOND;
    const ahead = random.next() < 0.1 ? 9 * SECOND : 0;
    return {
      id: random.pick([null, 'a', 'b', 'c', 'd', 'e']),
      key: random.next() < 0.2 ? 'k' : null,
      ts: clock.now - behind + ahead - random.below(1_000),
      group: random.pick(GROUPS),
      n: random.next() < 0.04 ? null : clock.value * 1_000_003 + random.below(1_000_000),
    };
  });
  clock.block++;
  const block = foreign ? null : `b${clock.block}`;
  return { op: 'append', p, events, received: clock.now, block, imported };
}
