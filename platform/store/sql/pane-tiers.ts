import type { RollUpMark } from '#contracts/log/rows.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Params } from '../connection/engine-connection.ts';
import type { TierRange } from '../store.ts';
import type { Tables } from '../tables.ts';
import { partsOf, type TierSpan, tierSpans } from '../tier-spans.ts';

type TierTables = Pick<Tables, 'panes' | 'panesMinute' | 'panesHour'>;

/** Where the rows of each tier are. */
export const TABLE_OF = { pane: 'panes', minute: 'panesMinute', hour: 'panesHour' } as const;

/** What is known of the roll-ups of a metric version. */
export interface TierMarks {
  /** They may be some seconds old. */
  marks: readonly RollUpMark[];
  /** Partitions that have committed and have no mark, as of now: their panes are in no tier. */
  unmarked: readonly number[];
}

/**
 * A SELECT of `pane, grp, part, nums, keys, counts` over a range: each of the metric version's panes is in it once, in the
 * coarsest row that `align` and the marks allow (`tier-spans.ts`). The marks must have been read before the SELECT runs, since what
 * they speak of is in the tiers by then. Where there are marks, a partition that never committed is left out. It may use the parameters `metric`, `version`, `sourceFrom` and `sourceTo`.
 */
export function paneSource(
  { metric, version, ...range }: TierRange,
  tables: TierTables,
  { marks, unmarked }: TierMarks,
): { sql: string; params: Params } {
  const marked = new Map<number, RollUpMark[]>();
  for (const mark of marks) {
    if (mark.metric !== metric || mark.version !== version) continue;
    marked.set(mark.partition, [...(marked.get(mark.partition) ?? []), mark]);
  }
  const params = { metric, version, sourceFrom: range.from, sourceTo: range.to };
  const reads = new Map<TierSpan['tier'], Map<string, number[]>>();
  for (const [partition, own] of marked) {
    for (const { tier, from, to } of tierSpans(range, own)) {
      const spans = reads.get(tier) ?? new Map<string, number[]>();
      reads.set(tier, spans);
      const span = spanSql(from, to);
      spans.set(span, [...(spans.get(span) ?? []), partition]);
    }
  }
  if ([...reads.keys()].every((tier) => tier === 'pane')) return { sql: selectAll(tables.panes), params };
  const selects = [...reads].map(([tier, spans]) => selectSpans(tables[TABLE_OF[tier]], spans));
  // A look into the metric's own panes costs as much as all the rest, however few are found.
  if (unmarked.length > 0) selects.push(selectAll(tables.panes, `part IN ${listSql(unmarked)}`));
  return { sql: selects.join('\nUNION ALL\n'), params };
}

/** Spans with the partitions that are read there. Bounds are outside the parts, so that the key can be searched by them. */
function selectSpans(table: string, spans: ReadonlyMap<string, readonly number[]>): string {
  const terms = [...spans].map(([span, partitions]) => `(${span} AND part IN ${listSql(partitions)})`);
  return `${SELECT} ${table} FINAL WHERE ${OF_METRIC} AND (${terms.join(' OR ')})`;
}

/** A condition on `part` goes before all else: it lets most rows of a long range go unread. */
const selectAll = (table: string, parts?: string): string =>
  `${SELECT} ${table} FINAL ${parts === undefined ? '' : `PREWHERE ${parts}`}
   WHERE ${OF_METRIC} AND pane >= {sourceFrom:Int64} AND pane < {sourceTo:Int64}`;

const SELECT = 'SELECT pane, grp, part, nums, keys, counts FROM';
const OF_METRIC = 'metric = {metric:String} AND version = {version:UInt64}';

/** Throws if a bound is not a whole number, which is a bug. */
function spanSql(from: number, to: number): string {
  if (![from, to].every(Number.isSafeInteger)) throw new TypeError(`The span ${from}, ${to} is none.`);
  return `pane >= ${from} AND pane < ${to}`;
}

const listSql = (partitions: readonly number[]): string =>
  `(${partitions.flatMap(partsOf).map(quoteText).join(', ')})`;
