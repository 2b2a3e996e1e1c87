/**
 * The known name nearest to a mistyped one, or null when none is close: more than a third of its letters differ.
 * The first `prefix` letters, which all names share, do not count.
 */
export function nearestName(name: string, known: Iterable<string>, prefix: number): string | null {
  let best: string | null = null;
  let least = Math.floor((name.length - prefix) / 3) + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

/** Optimal string alignment: letters inserted, left out, replaced, or swapped with their neighbour (Damerau). */
function editDistance(a: string, b: string): number {
  let above: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) next[j] = Math.min(next[j]!, above[j - 2]! + 1);
    }
    above = row;
    row = next;
  }
  return row[b.length]!;
}
