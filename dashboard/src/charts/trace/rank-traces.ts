/** What is ranked: a key, and how much its trace weighs over the range. */
export interface Weighed {
  key: string;
  weight: number;
}

/** A trace passes another only when it weighs this many times as much, so that two similar ones do not keep changing places. */
const MARGIN = 1.25;

/**
 * The heaviest `most` keys, heaviest first. `before` is the last result: a key in it keeps its membership and its place
 * until another clearly outweighs it. Equal weights go by the order of `all`.
 */
export function rankTraces(all: readonly Weighed[], before: readonly string[], most: number): string[] {
  const byKey = new Map(all.map((one) => [one.key, one]));
  const kept = before.flatMap((key) => byKey.get(key) ?? []).slice(0, most);
  const inside = new Set(kept.map((one) => one.key));
  const waiting = all
    .filter((one) => !inside.has(one.key))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, most);
  for (const one of waiting) {
    if (kept.length < most) insert(kept, one);
    else {
      const least = kept.reduce((a, b) => (b.weight <= a.weight ? b : a));
      if (!outweighs(one, least)) break;
      kept.splice(kept.indexOf(least), 1);
      insert(kept, one);
    }
  }
  restoreOrder(kept);
  return kept.map((one) => one.key);
}

const outweighs = (a: Weighed, b: Weighed): boolean => a.weight > b.weight * MARGIN;

/** Before the first that weighs less. */
function insert(order: Weighed[], one: Weighed): void {
  const at = order.findIndex((other) => other.weight < one.weight);
  order.splice(at < 0 ? order.length : at, 0, one);
}

/** Neighbours change places while one clearly outweighs the other; each change is one towards the sorted order, so it ends. */
function restoreOrder(order: Weighed[]): void {
  for (let moved = true; moved; ) {
    moved = false;
    for (let i = 1; i < order.length; i++) {
      const [upper, lower] = [order[i - 1]!, order[i]!];
      if (!outweighs(lower, upper)) continue;
      order[i - 1] = lower;
      order[i] = upper;
      moved = true;
    }
  }
}
