import type { RollUpMark } from '#contracts/log/rows.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { READ_SETTINGS } from '../connection/statement-settings.ts';
import type { TierMarks } from './pane-tiers.ts';
import { readMarks } from './roll-up-sql.ts';

/** Marks of a metric version for reads that merge. */
export interface KnownMarks {
  of(metric: string, version: number): Promise<TierMarks>;
  /** To be called when marks have been written here. */
  forget(): void;
}

/** Marks only rise, and what an older one speaks of is in the tiers as well: it only means that finer rows are read. */
const KEPT_MS = 5_000;
const MOST = 1_000;

/** Asks for the marks of a metric version once for the many reads of a board that is opened. */
export function createKnownMarks(connection: Connection, now = () => performance.now()): KnownMarks {
  const known = new Map<string, { until: number; marks: Promise<RollUpMark[]> }>();
  const marksOf = (metric: string, version: number): Promise<RollUpMark[]> => {
    const key = `${version} ${metric}`;
    const found = known.get(key);
    if (found !== undefined && found.until > now()) return found.marks;
    if (known.size >= MOST) known.clear();
    const marks = readMarks(connection, { metric, version });
    known.set(key, { until: now() + KEPT_MS, marks });
    // The next read asks again; this one fails with it.
    marks.catch(() => known.delete(key));
    return marks;
  };
  return {
    of: async (metric, version) => withUnmarked(connection, await marksOf(metric, version)),
    forget: () => known.clear(),
  };
}

/** After the marks: a partition that has just been marked is read finer than it needs to be, none is left out. */
export async function withUnmarked(
  { query, tables }: Connection,
  marks: readonly RollUpMark[],
): Promise<TierMarks> {
  // Without marks all parts are read, whatever has committed.
  if (marks.length === 0) return { marks, unmarked: [] };
  const committed = await query<{ part: number }>(
    `SELECT DISTINCT part FROM ${tables.commits} ORDER BY part ${READ_SETTINGS}`,
  );
  const marked = new Set(marks.map(({ partition }) => partition));
  return { marks, unmarked: committed.map(({ part }) => part).filter((part) => !marked.has(part)) };
}
