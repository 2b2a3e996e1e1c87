import { endOfTimeline, type Timeline } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';

/** A sum of one pane, group and partition, from wherever it is known. */
export interface Piece {
  part: string;
  pane: number;
  group: readonly string[];
  sum: number;
}

/** Returns the group that a view shows another one as; null for none. */
export type ShownAs = (group: readonly string[]) => readonly string[] | null;

/** As the view asks, before any ranking. */
export function ownGroups({ where, groupBy }: View): ShownAs {
  return (group) => {
    if (!where.every((one) => one.op === 'in' && one.values.includes(group[0]!))) return null;
    return groupBy.length > 0 ? group : [];
  };
}

/** Those named by themselves, and all others as one. */
export function withOthers(view: View, named: ReadonlySet<string>): ShownAs {
  const own = ownGroups(view);
  return (group) => {
    const shown = own(group);
    return shown === null || named.has(String(shown)) ? shown : ['__others__'];
  };
}

/** By the sums over the whole range, of all there is. */
export function highestGroups(view: View, pieces: readonly Piece[], timeline: Timeline): ShownAs {
  const own = ownGroups(view);
  if (view.top === null) return own;
  const totals = new Map<string, number>();
  for (const { pane, group, sum } of pieces) {
    const shown = own(group);
    if (shown === null || pane < timeline.first || pane >= endOfTimeline(timeline)) continue;
    // Many groups at once are none of the highest.
    if (shown.includes('__other__')) continue;
    totals.set(String(shown), (totals.get(String(shown)) ?? 0) + sum);
  }
  const ranked = [...totals].sort(([, a], [, b]) => b - a).map(([group]) => group);
  return withOthers(view, new Set(ranked.slice(0, view.top.limit)));
}
