import { type Fault, MillraceError } from '#contracts/errors.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { formatDuration, MINUTE } from '#contracts/text/duration.ts';
import type { MetricGroups } from '#contracts/view/metric-groups.ts';
import { DISTINCT_ERROR, type GroupSource, type Store } from '#platform/store/store.ts';
import type { FoldedMetric } from '../../core/derived/expand-derived.ts';
import type { AskedGroups } from './groups-query.ts';

/** Archived events that a read looks at: a few seconds' work of the engine, and what it holds for them stays below its bound. */
export const MAX_EVENTS = 1_000_000;

interface Deps {
  store: Pick<Store, 'readCommits' | 'countPanes' | 'countGroups'>;
  /** Stored rows that a read may look at. */
  readRows: number;
}

/** Returns the groups of the version that readers get. Rejects with `view_too_large` where the range holds too much. */
export async function readGroups(
  { metric, version }: FoldedMetric,
  { from, to, limit }: AskedGroups,
  { store, readRows }: Deps,
): Promise<MetricGroups> {
  const { id, pane } = metric;
  const range = { from: floorTo(from, pane), to: floorTo(to - 1, pane) + pane };
  const { rows } = await store.countPanes({ metric: id, version, ...range });
  if (rows > readRows) throw new MillraceError(tooManyRows(rows, readRows, range));
  const commits = await store.readCommits();
  const counted = await store.countGroups({
    ...{ metric, version, ...range, limit },
    sources: commits.flatMap((commit) => sourceOf(commit, id, version)),
    valueLength: most(commits.flatMap(({ facts }) => facts.settings.valueLength ?? [])) ?? undefined,
    events: MAX_EVENTS,
  });
  if ('fits' in counted) throw new MillraceError(tooManyEvents(counted.fits, range.to));
  return {
    ...{ metric: id, version, from: counted.from, to: range.to },
    cap: most(commits.map(({ facts }) => facts.settings.groups)),
    events: counted.events,
    error: DISTINCT_ERROR,
    levels: counted.levels.map((level, i) => ({ dimensions: metric.groupBy.slice(0, i + 1), ...level })),
  };
}

function sourceOf({ part, next, facts }: CommitRow, id: string, version: number): GroupSource[] {
  const active = facts.active.find((one) => one.metric === id && one.version === version);
  if (active === undefined) return [];
  const { activation, backfilled, added } = active;
  const bounds = { imports: added?.imports ?? 0, late: added?.late?.filled ?? 0 };
  return [{ partition: part, activation, before: next, backfilled, ...bounds }];
}

const most = (numbers: readonly number[]): number | null =>
  numbers.length === 0 ? null : numbers.reduce((a, b) => Math.max(a, b));

function tooManyRows(rows: number, readRows: number, { from, to }: { from: number; to: number }): Fault {
  const length = Math.floor(((to - from) * (readRows / rows)) / MINUTE) * MINUTE;
  return tooMuch(
    `about ${rows} stored rows, and a read may look at ${readRows} (MILLRACE_READ_ROWS)`,
    length > 0
      ? `A range of about ${formatDuration(length)} would fit.`
      : 'Not even a minute of it would fit.',
  );
}

const tooManyEvents = (fits: number, to: number): Fault =>
  tooMuch(
    `more than the ${MAX_EVENTS} archived events that a read may look at`,
    fits < to
      ? `A range from ${new Date(fits).toISOString()} on would fit.`
      : 'Not even its last millisecond would fit.',
  );

const tooMuch = (held: string, fits: string): Fault => ({
  code: 'view_too_large',
  field: 'range',
  message: `The range holds ${held}. ${fits}`,
});
