import type { Member } from './member.ts';

const TOLD = /"partition":(\d+).*"msg":"partition (acquired|released)"/;

/** The partitions that an aggregator owns, by what it has logged since it was started; none where it does not run. */
export function ownedPartitions({ state, output }: Member): Set<number> {
  const owned = new Set<number>();
  if (state === 'gone') return owned;
  for (const line of output().split('\n')) {
    if (/^--- .* started$/.test(line)) owned.clear();
    const told = TOLD.exec(line);
    if (told?.[2] === 'acquired') owned.add(Number(told[1]));
    else if (told !== null) owned.delete(Number(told[1]));
  }
  return owned;
}
