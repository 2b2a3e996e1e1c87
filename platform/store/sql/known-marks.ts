import type { RollUpMark } from '#contracts/log/rows.ts';
import { keepAnswers } from '#platform/process/tasks/kept-answers.ts';
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
const KEPT = { ms: 5_000, most: 1_000 };

/** Asks for the marks of a metric version once for the many reads of a board that is opened. */
export function createKnownMarks(connection: Connection): KnownMarks {
  const known = keepAnswers<RollUpMark[]>(KEPT);
  return {
    async of(metric, version) {
      const ask = () => readMarks(connection, { metric, version });
      return withUnmarked(connection, await known.get(`${version} ${metric}`, ask));
    },
    forget: known.forget,
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
