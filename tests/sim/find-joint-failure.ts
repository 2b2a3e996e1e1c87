import { Audience } from './audience.ts';
import type { Core } from './core.ts';
import { type Finding, type Furnish, findFailure, hunt, type Seeds } from './hunt.ts';
import { generateAddedJointOps, generateJointOps } from './live-ops.ts';

const OPS = 150;

const jointSeeds = (count: number): Seeds => ({ from: 1, count, ops: OPS, generate: generateJointOps });
const furnish =
  (core: Core): Furnish =>
  (world) =>
    world.inhabitants.push(new Audience(world, core));

/** The first of the seeds with which a run of aggregators, gateways and clients together fails. */
export const findJointFailure = (core: Core, count: number): Omit<Finding, 'ops'> | null =>
  findFailure(core, jointSeeds(count), furnish(core));

/** The same, shortened. */
export const huntJointFailure = (core: Core, count: number): Finding | null =>
  hunt(core, jointSeeds(count), furnish(core));

/** The first, shortened, of those in which history is imported, too. */
export const huntAddedJointFailure = (core: Core, count: number): Finding | null =>
  hunt(core, { ...jointSeeds(count), generate: generateAddedJointOps }, furnish(core));
