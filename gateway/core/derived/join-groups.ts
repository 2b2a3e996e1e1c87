import { groupKey } from '#contracts/metric/dimension.ts';

/** Groups of one input, over some of the dimensions of a view. */
export interface InputGroups {
  /** Indices of its dimensions among those of the view. */
  kept: readonly number[];
  groups: readonly (readonly string[])[];
}

/** Groups over the same dimensions, each once. */
interface GroupSet {
  kept: readonly number[];
  groups: Map<string, readonly string[]>;
}

/** Groups that are looked at between two yields. */
const STRIDE = 1_000;

/**
 * Yields the groups of what is computed from inputs, over `dimensions` dimensions. They are those of the inputs with most of them:
 * an input whose dimensions another one has as well is spread over the groups of that. Where two have dimensions that the other
 * lacks, each two groups that agree in the common ones are a group. In steps: undefined is no group.
 */
export function* joinGroups(
  inputs: readonly InputGroups[],
  dimensions: number,
): Generator<string[] | undefined, void> {
  const sets = widest(setsOf(inputs));
  let joined: (readonly (string | undefined)[])[] = [Array.from({ length: dimensions })];
  let known = new Set<number>();
  for (const [i, { kept, groups }] of sets.entries()) {
    const common = kept.filter((at) => known.has(at));
    const places = common.map((at) => kept.indexOf(at));
    const byCommon = Map.groupBy(groups.values(), (group) => groupKey(places.map((place) => group[place]!)));
    yield;
    const next: (readonly (string | undefined)[])[] = [];
    for (const row of joined) {
      for (const group of byCommon.get(groupKey(common.map((at) => row[at]!))) ?? []) {
        const both = [...row];
        for (const [place, at] of kept.entries()) both[at] = group[place];
        if (i === sets.length - 1) yield both as string[];
        else if (next.push(both) % STRIDE === 0) yield;
      }
    }
    joined = next;
    known = new Set([...known, ...kept]);
  }
}

/** Returns how many groups that are at least. */
export function countAtLeast(inputs: readonly InputGroups[], dimensions: number): number {
  const sets = widest(setsOf(inputs));
  if (sets.length === 1) return sets[0]!.groups.size;
  let count = 0;
  for (const group of joinGroups(inputs, dimensions)) if (group !== undefined) count++;
  return count;
}

function setsOf(inputs: readonly InputGroups[]): GroupSet[] {
  const sets = new Map<string, GroupSet>();
  for (const { kept, groups } of inputs) {
    // In the order of the view, whatever that of the input is.
    const order = kept.map((_, i) => i).sort((a, b) => kept[a]! - kept[b]!);
    const sorted = order.map((i) => kept[i]!);
    const set = sets.get(sorted.join()) ?? { kept: sorted, groups: new Map() };
    sets.set(sorted.join(), set);
    for (const group of groups) {
      const own = order.map((i) => group[i]!);
      set.groups.set(groupKey(own), own);
    }
  }
  return [...sets.values()];
}

/** Without those whose dimensions another one has as well. */
const widest = (sets: readonly GroupSet[]): GroupSet[] =>
  sets.filter(
    ({ kept }) =>
      !sets.some((other) => other.kept.length > kept.length && kept.every((at) => other.kept.includes(at))),
  );
