import type { Core } from './core.ts';
import { type Finding, findFailure, hunt, type Seeds } from './hunt.ts';
import { generateRollUpOps } from './ops.ts';

const seedsOf = (count: number): Seeds => ({ from: 1, count, ops: 120, generate: generateRollUpOps });

/** The first of the seeds with which a run with roll-ups fails. */
export const findRollUpFailure = (core: Core, count: number): Omit<Finding, 'ops'> | null =>
  findFailure(core, seedsOf(count));

/** The same, shortened. */
export const huntRollUpFailure = (core: Core, count: number): Finding | null => hunt(core, seedsOf(count));
