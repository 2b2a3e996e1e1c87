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

/** Levenshtein's distance by the row-wise algorithm of Wagner and Fischer. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
