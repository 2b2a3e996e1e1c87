import { MillraceError, ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { pathsIn } from '#contracts/filter/filter.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { ExpandedMetric, FoldedMetric, Part } from '../../core/derived/expand-derived.ts';
import { leavesOf } from '../../core/derived/plan-parts.ts';
import { type CellParameters, type CellQuery, readCells } from './cell-query.ts';

/** Cells of a metric that a derived value is computed from. */
export interface PartCells {
  known: FoldedMetric;
  cells: CellQuery;
}

/**
 * Returns the cells of folded metrics that a cell of a derived one is made of, in the order of the expression: each metric in each time that it
 * takes part with. Refused as `readCells` does, and with `not_a_dimension` for a filter on a dimension that some part lacks.
 */
function partsOfCells(
  asked: CellParameters,
  metric: ExpandedMetric,
): Result<{ whole: CellQuery; parts: PartCells[] }> {
  const { group: _, ...ungrouped } = asked;
  const filtered = readCells(ungrouped, metric);
  if (!filtered.ok) return filtered;
  const lacking = pathsIn(filtered.value.where).find((path) => metric.parts.some((part) => !has(part, path)));
  if (lacking !== undefined) {
    const message = `where: ${shown(lacking)} is not a dimension of all metrics that ${metric.id} is computed from.`;
    return refuse('not_a_dimension', message, 'where');
  }
  const whole = readCells(asked, metric);
  if (!whole.ok) return whole;
  const places = new Map(leavesOf(metric.expression).map((leaf) => [`${leaf.part} ${leaf.shift}`, leaf]));
  const parts = [...places.values()].map(({ part, shift }): PartCells => {
    const known = metric.parts[part]!;
    const { from, to, where } = whole.value;
    const { pane } = known.metric;
    const cells = {
      from: floorTo(from - shift, pane),
      to: floorTo(to - shift - 1, pane) + pane,
      // A part without a dimension has the same value in all of its groups.
      where: where.filter((filter) => pathsIn([filter]).every((path) => has(known, path))),
    };
    return { known, cells };
  });
  return ok({ whole: whole.value, parts });
}

const has = ({ dimensions }: Part, path: string): boolean => dimensions.includes(path);

/**
 * Explains the cells that a derived one is computed from, one after the other, and returns the answer as JSON text. A cursor is refused: it
 * is one of a single metric. Throws what `partsOfCells` refuses.
 */
export async function explainDerived(
  asked: CellParameters & { cursor?: string },
  { version, derived }: { version: number; derived: ExpandedMetric },
  explain: (part: PartCells) => Promise<string>,
): Promise<string> {
  const { id } = derived;
  if ((asked.cursor ?? '') !== '') {
    const message = `cursor: ${id} is computed from other metrics: ask one of them for its further pages.`;
    throw new MillraceError({ code: 'invalid_parameter', field: 'cursor', message });
  }
  const found = partsOfCells(asked, derived);
  if (!found.ok) throw new MillraceError(found.fault);
  const { whole, parts } = found.value;
  const of: string[] = [];
  for (const part of parts) of.push(await explain(part));
  const head = JSON.stringify({ metric: id, version, from: whole.from, to: whole.to });
  return `${head.slice(0, -1)},"of":[${of.join()}]}`;
}
