import type { ActiveMetric } from '#contracts/log/rows.ts';
import type { ColdRead } from '../restore/restore-read.ts';

/** Groups that a read of cold panes brings, but for a single one with more. */
const ROWS_A_READ = 4_000;
/** Panes between two of one read at most. */
const NEAR_PANES = 8;

interface ReadPlan {
  active: ActiveMetric;
  /** Size of a pane, ms. */
  size: number;
  /** Groups of a pane that have a place of their own. */
  namedIn(start: number): number;
  cells: ColdRead['cells'];
}

/** Plans reads of the keys that are needed of each pane. Panes that lie close share a read, as long as it brings no more rows than a few panes have. */
export function planReads(
  found: ReadonlyMap<number, ReadonlySet<string>>,
  { active: { metric, version }, size, namedIn, cells }: ReadPlan,
): ColdRead[] {
  const reads: ColdRead[] = [];
  let read: ColdRead | null = null;
  let rows = 0;
  for (const [start, keys] of [...found].sort((a, b) => a[0] - b[0])) {
    const named = namedIn(start);
    rows += named;
    if (read === null || rows > ROWS_A_READ || start - read.to > NEAR_PANES * size) {
      read = { metric, version, from: start, to: start, keys: new Map(), cells };
      reads.push(read);
      rows = named;
    }
    read.to = start + 1;
    read.keys.set(start, keys);
  }
  return reads;
}
