/**
 * Shares partitions 0 … n − 1 among members: loads differ by at most one, and a partition stays where it is
 * unless that would break this. `current` holds today's member of each partition, null where there is none.
 */
export function assignPartitions<M>(members: readonly M[], current: readonly (M | null)[]): (M | null)[] {
  if (members.length === 0) return current.map(() => null);
  const floor = Math.floor(current.length / members.length);
  let extras = current.length % members.length;
  const load = new Map<M, number>(members.map((m) => [m, 0]));
  const kept = current.map((member) => {
    const held = member === null ? undefined : load.get(member);
    if (member === null || held === undefined || held > floor) return null;
    if (held === floor) {
      if (extras === 0) return null;
      extras--;
    }
    load.set(member, held + 1);
    return member;
  });
  return kept.map((member) => {
    if (member !== null) return member;
    const least = members.reduce((a, b) => (load.get(b)! < load.get(a)! ? b : a));
    load.set(least, load.get(least)! + 1);
    return least;
  });
}
