import { checkWorld } from './check-simulation.ts';
import type { Core } from './core.ts';
import { generateOps, type Op } from './ops.ts';
import type { SimMetrics } from './simulated-metrics.ts';
import { World } from './simulated-world.ts';

export interface Finding {
  seed: number;
  fault: string;
  /** The shortest run found that still fails. */
  ops: Op[];
}

/** Prepares a world before its first op, for example by adding a gateway to it. */
export type Furnish = (world: World) => unknown;

/** What a world has beside what happens in it. */
export interface Setting {
  furnish?: Furnish | undefined;
  metrics?: SimMetrics | undefined;
}

/** One run: what is wrong at its end, or null. An exception of the core is a fault too. */
export function runOps(core: Core, ops: readonly Op[], { furnish, metrics }: Setting = {}): string | null {
  try {
    const world = new World(core, metrics);
    furnish?.(world);
    for (const op of ops) world.apply(op);
    return checkWorld(world);
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`;
  }
}

export interface Seeds {
  from: number;
  count: number;
  /** Ops of each run. */
  ops: number;
  /** How runs are made; without it, of aggregators only. */
  generate?: (seed: number, length: number) => Op[];
  metrics?: SimMetrics;
}

const opsOf = ({ ops, generate = generateOps }: Seeds, seed: number): Op[] => generate(seed, ops);

/** The first seed whose run fails, and how; null when none does. */
export function findFailure(core: Core, seeds: Seeds, furnish?: Furnish): Omit<Finding, 'ops'> | null {
  for (let seed = seeds.from; seed < seeds.from + seeds.count; seed++) {
    const fault = runOps(core, opsOf(seeds, seed), { furnish, metrics: seeds.metrics });
    if (fault !== null) return { seed, fault };
  }
  return null;
}

/** Runs seeds until one fails, and shortens that run; null when none does. */
export function hunt(core: Core, seeds: Seeds, furnish?: Furnish): Finding | null {
  const found = findFailure(core, seeds, furnish);
  if (found === null) return null;
  const { seed } = found;
  const setting = { furnish, metrics: seeds.metrics };
  const ops = shrink(core, opsOf(seeds, seed), setting);
  return { seed, fault: runOps(core, ops, setting)!, ops };
}

/** Leaves out ever smaller stretches while the run still fails. */
function shrink(core: Core, ops: readonly Op[], setting: Setting): Op[] {
  let left = [...ops];
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const shorter = left.toSpliced(at, size);
      if (runOps(core, shorter, setting) !== null) left = shorter;
      else at += size;
    }
  }
  return left;
}

export const describeFinding = ({ seed, fault, ops }: Finding): string =>
  [`seed ${seed}, ${ops.length} ops: ${fault}`, ...ops.map((op) => `  ${JSON.stringify(op)}`)].join('\n');
