import { cellKey } from '#aggregates/judge/group-key.ts';
import type { CapStep } from '#contracts/log/rows.ts';
import { cutGroup, levelOf } from '#contracts/metric/dimension.ts';
import type { Pane } from './cell.ts';

/**
 * Returns the group under which a pane counts the events of `own`. The first groups, up to the cap, keep their names for ever. A further
 * one loses its last dimension and seeks a place among those that have lost it, and so on, where each level has a cap of its own; in
 * a pane without levels it loses all dimensions at once (rule 6).
 */
export function placeGroup({ cells, named }: Pane, own: string[], { groups, levels }: CapStep): string[] {
  let group = own;
  for (let level = levelOf(own); level > 0; level = levelOf(group)) {
    const taken = levels === true ? named[level]! : placesTaken(named);
    if (taken < groups || cells.has(cellKey(group))) return group;
    group = cutGroup(group, levels === true ? level - 1 : 0);
  }
  return group;
}

/** Groups of all levels that have a place of their own. */
export const placesTaken = (named: readonly number[]): number =>
  named.reduce((sum, count, level) => (level === 0 ? 0 : sum + count), 0);

/** Adds to `keys` those of the groups that a group may become when it finds no place. */
export function addCutKeys(keys: Set<string>, group: readonly string[]): void {
  for (let level = levelOf(group) - 1; level >= 0; level--) keys.add(cellKey(cutGroup(group, level)));
}
