import { Audience } from './audience.ts';
import type { Core } from './core.ts';
import { type Finding, type Furnish, findFailure, hunt, type Seeds } from './hunt.ts';
import { generateSwitchOps } from './live-ops.ts';
import { CHANGING_VIEWS } from './sim-views.ts';

const OPS = 150;

const switchSeeds = (count: number): Seeds => ({ from: 1, count, ops: OPS, generate: generateSwitchOps });
const furnish =
  (core: Core): Furnish =>
  (world) => {
    world.change(0);
    world.inhabitants.push(new Audience(world, core, CHANGING_VIEWS));
  };

/** The first of the seeds with which a run that changes, deletes and re-creates a metric fails. */
export const findSwitchFailure = (core: Core, count: number): Omit<Finding, 'ops'> | null =>
  findFailure(core, switchSeeds(count), furnish(core));

/** The same, shortened. */
export const huntSwitchFailure = (core: Core, count: number): Finding | null =>
  hunt(core, switchSeeds(count), furnish(core));
