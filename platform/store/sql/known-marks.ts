import type { RollUpMark } from '#contracts/log/rows.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { readMarks } from './roll-up-sql.ts';

/** Marks of a metric version for reads that merge; they may be some seconds old. */
export interface KnownMarks {
  of(metric: string, version: number): Promise<readonly RollUpMark[]>;
  /** To be called when marks have been written here. */
  forget(): void;
}

/** Marks only rise, and what an older one speaks of is in the tiers as well: it only means that finer rows are read. */
const KEPT_MS = 5_000;
const MOST = 1_000;

/** Asks for the marks of a metric version once for the many reads of a board that is opened. */
export function createKnownMarks(connection: Connection, now = () => performance.now()): KnownMarks {
  const known = new Map<string, { until: number; marks: Promise<RollUpMark[]> }>();
  return {
    of(metric, version) {
      const key = `${version} ${metric}`;
      const found = known.get(key);
      if (found !== undefined && found.until > now()) return found.marks;
      if (known.size >= MOST) known.clear();
      const marks = readMarks(connection, { metric, version });
      known.set(key, { until: now() + KEPT_MS, marks });
      // The next read asks again; this one fails with it.
      marks.catch(() => known.delete(key));
      return marks;
    },
    forget: () => known.clear(),
  };
}
