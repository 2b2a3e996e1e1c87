import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { allOf, type Filter } from '#contracts/filter/filter.ts';
import { isRecord } from '#contracts/is-record.ts';
import { dimensionText } from '#contracts/metric/dimension.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { refuseAs } from '#contracts/schema/read-as.ts';
import type { Schema, Static } from '#contracts/schema/schema.ts';
import { DURATION, durationOf } from '#contracts/text/duration.ts';
import { resolveWhere } from '#contracts/view/resolve-view.ts';
import type { ShownMetric } from '../../core/derived/expand-derived.ts';
import { timeOf, timeParameter } from '../events/page-query.ts';
import { readWhere } from '../series/series-query.ts';

/** The parameters that name cells of a metric. */
export const CELL_PARAMETERS = {
  window: timeParameter('Start of a window; with `size`'),
  size: {
    ...DURATION,
    code: 'invalid_parameter',
    description: 'Size of the window; default: that of the metric',
  },
  from: timeParameter('With `to` in place of `window`: where the range begins'),
  to: timeParameter('End of the range'),
  group: {
    type: 'string',
    expected: 'an object of dimensions such as {"country":"DE"}',
    description:
      'A group as series name it, as URL-encoded JSON such as {"country":"DE"}; of dimensions that are left out, all values',
  },
  where: {
    type: 'string',
    expected: 'a filter such as country = DE, or a JSON object such as {"country":"DE"}',
    description: 'Filter on dimensions, as of a view',
  },
} as const satisfies Readonly<Record<string, Schema>>;

export type CellParameters = Static<{ type: 'object'; properties: typeof CELL_PARAMETERS }>;

/** Cells of a metric: whole panes, and which groups. */
export interface CellQuery {
  from: number;
  to: number;
  where: Filter[];
}

/** Reads which cells are meant. Times that lie within a pane mean the whole pane. Refused with `invalid_parameter`, `invalid_filter` or `not_a_dimension`. */
export function readCells(asked: CellParameters, metric: ShownMetric): Result<CellQuery> {
  const range = readRange(asked, metric);
  if (!range.ok) return range;
  const group = asked.group === undefined ? ok([]) : readGroup(asked.group, metric);
  if (!group.ok) return group;
  const where = asked.where === undefined ? ok(undefined) : readWhere(asked.where);
  if (!where.ok) return where;
  const filters = resolveWhere(where.value, metric);
  if (!filters.ok) return filters;
  const end = floorTo(range.value.to - 1, metric.pane) + metric.pane;
  return ok({
    from: floorTo(range.value.from, metric.pane),
    to: end,
    where: allOf([...filters.value, ...group.value]),
  });
}

function readRange(
  { window, size, from, to }: CellParameters,
  metric: ShownMetric,
): Result<{ from: number; to: number }> {
  const [start, first, end] = [timeOf(window), timeOf(from), timeOf(to)];
  if (start !== undefined) {
    const other = first !== undefined ? 'from' : end !== undefined ? 'to' : null;
    if (other !== null) return refuse('invalid_parameter', `${other}: expected none beside window.`, other);
    return ok({ from: start, to: start + (size === undefined ? metric.window : durationOf(size)) });
  }
  if (first === undefined || end === undefined)
    return refuse(
      'invalid_parameter',
      'window: expected the start of a window, or from and to in its place.',
      'window',
    );
  if (size !== undefined)
    return refuse('invalid_parameter', 'size: expected none beside from and to.', 'size');
  return first < end
    ? ok({ from: first, to: end })
    : refuse('invalid_parameter', 'to: expected a time after from.', 'to');
}

/** A condition for each dimension that is named. */
function readGroup(text: string, { id, groupBy }: ShownMetric): Result<Filter[]> {
  const refusal = refuseAs(CELL_PARAMETERS.group, text, { code: 'invalid_parameter', at: 'group' });
  const group = parseObject(text);
  if (group === null) return refusal;
  const filters: Filter[] = [];
  for (const [path, value] of Object.entries(group)) {
    if (!groupBy.includes(path)) {
      const message = `group: ${shown(path)} is not a dimension of ${id}; it has ${shown(groupBy)}.`;
      return refuse('not_a_dimension', message, 'group');
    }
    const dimension = dimensionText(value);
    if (dimension === undefined) return refusal;
    filters.push({ path, op: 'in', values: [dimension] });
  }
  return ok(filters);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    // Refused with the words of the parameter.
    return null;
  }
}
