import type { WindowRow } from '#contracts/log/rows.ts';
import type { State } from '#contracts/metric/state.ts';
import { alignOf } from '#contracts/view/window-align.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Params } from '../connection/engine-connection.ts';
import type { WindowRange } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { STATE_COLUMNS } from './clickhouse-rows.ts';
import { groupFilterSql, hidingSql } from './filter-sql.ts';
import type { PaneSource } from './pane-source.ts';
import { type MergeStep, mergeSteps } from './window-places.ts';

/** A merged window as one column: an answer has up to a million of them, and without names they are read twice as fast. */
export interface StoredWindow {
  row: [
    window: number,
    admitted: number,
    dims: string[],
    other: number,
    filled: number,
    nums: number[],
    keys: number[],
    counts: number[],
  ];
}

export const windowRow = ({
  row: [window, admitted, dims, other, filled, nums, keys, counts],
}: StoredWindow): WindowRow => ({
  window,
  group: admitted === 1 ? dims : null,
  other: other === 1,
  filled: filled === 1,
  state: { nums, keys, counts },
});

/** What a statement of windows ends with, beside the settings of all reads. */
export const AS_TUPLES = 'output_format_json_named_tuples_as_objects = 0';

/**
 * Rows of the source merged into windows, ordered by window and group; groups that are not shown come first. Null where the
 * range holds no part of a window.
 */
export function windowsSql(
  range: WindowRange,
  aggregate: Pick<StoreAggregate, 'sql' | 'reduced'>,
  source: PaneSource,
): { sql: string; params: Params } | null {
  const { metric, version, view, form, after, limit } = range;
  const span = spanOf(range);
  if (span.from >= span.to || span.first > span.last) return null;
  const { from, to, first, last } = span;
  const panes = source({ metric: metric.id, version, from, to, align: alignOf(view.windows) });
  const { steps, params } = mergeSteps(view.windows);
  const merged = steps.reduce((rows, step) => mergeSql(step, rows, aggregate), grouped(panes.sql, range));
  const state = { nums: 'nums', keys: 'keys', counts: 'counts' };
  const columns =
    form === 'reduced' && aggregate.reduced !== undefined
      ? typed(aggregate.reduced.sql(metric.aggregate, state), 'out_')
      : Object.keys(state).map((name) => `${name} AS out_${name}`);
  const behind =
    after === undefined
      ? ''
      : 'WHERE (window, admitted, dims) > ({window:Int64}, {admitted:UInt8}, {dims:Array(String)})';
  const sql = `
    SELECT (window, admitted, dims, other, filled, out_nums, out_keys, out_counts) AS row FROM (
      SELECT window, admitted, dims, other, filled, ${columns.join(', ')} FROM (${merged}) ${behind}
    )
    ORDER BY window, admitted, dims${limit === undefined ? '' : ' LIMIT {limit:UInt64}'}`;
  return {
    sql,
    params: {
      ...panes.params,
      ...params,
      first,
      last,
      ...groupsSql(range).params,
      ...hiddenSql(range).params,
      ...shownParams(view.shown),
      ...(after === undefined
        ? {}
        : { window: after.window, admitted: after.group === null ? 0 : 1, dims: after.group ?? [] }),
      ...(limit === undefined ? {} : { limit }),
    },
  };
}

/** The panes that have to be read, in [from, to), and the first and the last start of a window that is wanted. */
function spanOf({ from, to, view: { windows }, starts, after }: WindowRange): {
  from: number;
  to: number;
  first: number;
  last: number;
} {
  const first = Math.max(starts?.from ?? Number.MIN_SAFE_INTEGER, after?.window ?? Number.MIN_SAFE_INTEGER);
  const last = starts === undefined ? Number.MAX_SAFE_INTEGER : starts.to - 1;
  if (windows.kind === 'grid') {
    return { from: Math.max(from, first), to: Math.min(to, last + windows.size), first, last };
  }
  const [begin = 0, end = begin] = [windows.bounds[0], windows.bounds.at(-1)];
  return { from: Math.max(from, first, begin), to: Math.min(to, end), first, last };
}

/** The rows of a source with the group that the view shows them in; `dims` is empty for the others, of which only those that hide events count. */
function grouped(panes: string, range: WindowRange): string {
  const { metric, view } = range;
  const filters = [...groupsSql(range).conditions];
  const own = `CAST([${view.groupBy.map(textIn(metric)).join(', ')}], 'Array(String)')`;
  const { shown } = view;
  const isShown = `arrayStringConcat(arrayMap(text -> concat(toString(length(text)), ':', text), ${own})) IN {shown:Array(String)}`;
  if (shown !== undefined && shown.others === null) filters.push(isShown);
  const admitted = filters.length === 0 ? 'true' : filters.join(' AND ');
  const dims = shown?.others ? `if(${isShown}, ${own}, {others:Array(String)})` : own;
  return `SELECT pane, toUInt8(${admitted}) AS admitted, if(admitted, ${dims}, CAST([], 'Array(String)')) AS dims,
      toUInt8(${hiddenSql(range).conditions[0]}) AS other, match(part, '^[~+]') AS filled, nums, keys, counts
    FROM (${panes}) WHERE admitted OR other`;
}

/** The view's filter over the dimensions of `grp`, and whether a group hides events from the view. */
const groupsSql = ({ metric, view }: WindowRange) =>
  groupFilterSql(view.where, { name: 'where', textOf: textIn(metric) });
const hiddenSql = ({ metric, view }: WindowRange) =>
  hidingSql(view, { name: 'hide', textOf: textIn(metric) });

const textIn =
  ({ groupBy }: WindowRange['metric']) =>
  (dimension: string): string =>
    `grp[${groupBy.indexOf(dimension) + 1}]`;

/** Groups as texts of which no two are equal: each value after its length in bytes. */
const shownParams = (shown: WindowRange['view']['shown']): Params =>
  shown === undefined
    ? {}
    : {
        shown: shown.groups.map((group) =>
          group.map((text) => `${Buffer.byteLength(text)}:${text}`).join(''),
        ),
        ...(shown.others === null ? {} : { others: shown.others }),
      };

/** One step over rows that have `STEP_COLUMNS`, whose result has them again. */
function mergeSql({ by, place }: MergeStep, rows: string, { sql }: Pick<StoreAggregate, 'sql'>): string {
  const group = `${by}, admitted, dims`;
  return `SELECT ${group}, any_other AS other, any_filled AS filled, new_nums AS nums, new_keys AS keys, new_counts AS counts
    FROM (SELECT ${group}, max(other) AS any_other, max(filled) AS any_filled, ${typed(sql.merge, 'new_').join(', ')}
      FROM (${place(rows)}) GROUP BY ${group})`;
}

/** The three columns of a state, of the types that the tables have, under names with a prefix. */
const typed = (columns: Record<keyof State, string>, prefix: string): string[] =>
  (['nums', 'keys', 'counts'] as const).map(
    (name) => `CAST(${columns[name]}, ${quoteText(STATE_COLUMNS[name])}) AS ${prefix}${name}`,
  );
