import { Audience } from './audience.ts';
import type { Core } from './core.ts';
import { type Finding, type Furnish, findFailure, hunt, type Seeds } from './hunt.ts';
import { generateAddedJointOps, generateJointOps } from './live-ops.ts';
import type { SimView } from './sim-views.ts';

const OPS = 150;

const jointSeeds = (count: number, from = 1): Seeds => ({
  from,
  count,
  ops: OPS,
  generate: generateJointOps,
});
const furnish =
  (core: Core, views?: readonly SimView[]): Furnish =>
  (world) =>
    world.inhabitants.push(new Audience(world, core, views));

/** The first of the seeds with which a run of aggregators, gateways and clients together fails. */
export const findJointFailure = (core: Core, count: number, from?: number): Omit<Finding, 'ops'> | null =>
  findFailure(core, jointSeeds(count, from), furnish(core));

/** The same, shortened. */
export const huntJointFailure = (core: Core, count: number, from?: number): Finding | null =>
  hunt(core, jointSeeds(count, from), furnish(core));

const addedSeeds = (count: number, from?: number): Seeds => ({
  ...jointSeeds(count, from),
  generate: generateAddedJointOps,
});

/** The first of those in which history is imported, too; `views`: others than the plain ones. */
export const findAddedJointFailure = (
  core: Core,
  { count, from, views }: { count: number; from?: number; views?: readonly SimView[] },
): Omit<Finding, 'ops'> | null => findFailure(core, addedSeeds(count, from), furnish(core, views));

/** The same, shortened. */
export const huntAddedJointFailure = (
  core: Core,
  count: number,
  views?: readonly SimView[],
): Finding | null => hunt(core, addedSeeds(count), furnish(core, views));
