/**
 * The names at the smallest edit distance from a mistyped one, for "did you mean"; none when more than half of its
 * letters would have to change. The first `prefix` letters, which all names share, do not count.
 */
export function nearestNames(wanted: string, names: Iterable<string>, prefix = 0): string[] {
  let best: string[] = [];
  let least = Infinity;
  for (const name of names) {
    const most = (Math.max(wanted.length, name.length) - prefix) / 2;
    // The difference in length is a lower bound of the distance; skipping early matters, since callers send names of any length.
    if (Math.abs(wanted.length - name.length) > Math.min(least, most)) continue;
    const distance = editDistance(wanted, name);
    if (distance > least || distance > most) continue;
    best = distance < least ? [name] : [...best, name];
    least = distance;
  }
  return best;
}

/** Optimal string alignment: letters inserted, left out, replaced, or swapped with their neighbour (Damerau 1964). */
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
