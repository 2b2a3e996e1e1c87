import { groupKey, OTHER } from '#contracts/metric/dimension.ts';
import type { Top, View } from '#contracts/view/view.ts';

/** The name of what is left, in each dimension. */
export const OTHERS = '__others__';

/** A group and the value that it is ranked by; null is the lowest. */
export interface Ranked {
  group: readonly string[];
  value: number | null;
}

/** The groups of a view that have the highest values over its range. */
export class TopGroups {
  /** Null until they are known. */
  members: readonly (readonly string[])[] | null = null;
  /** Number of groups that were ranked. */
  count = 0;
  readonly limit: number;
  #keys = new Set<string>();
  #ranked: Ranked[] = [];

  constructor({ limit }: Top) {
    this.limit = limit;
  }

  has(group: readonly string[]): boolean {
    return this.#keys.has(groupKey(group));
  }

  /** Begins a ranking: groups are added to it, and it counts once it is finished. */
  begin(): void {
    this.#ranked = [];
  }

  /** What is `__other__` in a dimension is many groups, and would take the places of those that have names. */
  add(ranked: Ranked): void {
    if (!ranked.group.includes(OTHER)) this.#ranked.push(ranked);
  }

  /** Returns whether other groups are the highest now, or their number has become known. */
  finish(): boolean {
    const before = this.members;
    this.count = this.#ranked.length;
    this.members = this.#ranked
      .sort(compareRanked)
      .slice(0, this.limit)
      .map(({ group }) => group);
    this.#ranked = [];
    const keys = new Set(this.members.map(groupKey));
    const isSame =
      before !== null && keys.size === this.#keys.size && [...keys].every((key) => this.#keys.has(key));
    this.#keys = keys;
    return !isSame;
  }
}

/** Highest first; equal values by the text of their groups, so that every gateway ranks alike. */
function compareRanked(a: Ranked, b: Ranked): number {
  const [first, second] = [a.value ?? Number.NEGATIVE_INFINITY, b.value ?? Number.NEGATIVE_INFINITY];
  if (first !== second) return second - first;
  const [one, other] = [groupKey(a.group), groupKey(b.group)];
  return one < other ? -1 : one > other ? 1 : 0;
}

export const othersGroup = ({ groupBy }: Pick<View, 'groupBy'>): string[] => groupBy.map(() => OTHERS);
