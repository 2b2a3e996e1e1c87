import type { ExpressionOf } from '#contracts/metric/expression/expression.ts';
import type { Compare, View } from '#contracts/view/view.ts';
import type { LiveView } from '../view/live-view.ts';
import type { Leaf, Part } from './expand-derived.ts';

/** What a leaf is a value of: a part, in an earlier range or, null, in the range itself. */
interface Wanted {
  part: number;
  compare: Compare | null;
}

/** Returns the leaves of an expression. */
export function leavesOf(expression: ExpressionOf<Leaf>): Leaf[] {
  switch (expression.kind) {
    case 'leaf':
      return [expression];
    case 'number':
      return [];
    case 'binary':
      return [...leavesOf(expression.left), ...leavesOf(expression.right)];
    case 'call':
      return expression.args.flatMap(leavesOf);
    default:
      return leavesOf(expression.of);
  }
}

/** Returns how much earlier a compared range is, ms; null where that is not the same at all times. */
export function shiftOf(
  compare: Compare,
  { windows, range }: Pick<View, 'windows' | 'range'>,
): number | null {
  if (compare.kind === 'earlier') return compare.ms;
  if (compare.kind === 'calendar' || range.kind !== 'last' || windows.kind !== 'grid') return null;
  const { size, every } = windows;
  return Math.ceil(((range.windows - 1) * every + size) / every) * every;
}

/** Returns the view of a part that a view of a derived metric takes its values from. */
function viewOfPart(view: View, { metric, dimensions }: Part, compare: Compare | null): View {
  const groupBy = metric.groupBy.filter((d) => dimensions.includes(d) && view.groupBy.includes(d));
  return { ...view, metric: metric.id, groupBy, compare, top: null };
}

/**
 * The views of folded metrics for one of a derived metric. Each has the range itself and at most one earlier range, so a part has as
 * many as it is wanted at different times: for the range that is compared with, and for each `previous`.
 */
export class PartViews {
  readonly #request: View;
  readonly #views: { wanted: Wanted; view: LiveView }[] = [];

  constructor(
    request: View,
    { parts, leaves }: { parts: readonly Part[]; leaves: readonly Leaf[] },
    open: (request: View, part: Part) => LiveView,
  ) {
    this.#request = request;
    const ranges = request.compare === null ? [null] : [null, request.compare];
    const wanted = ranges.flatMap((compare) => leaves.map((leaf) => this.#wantedBy(leaf, compare)));
    // Its windows are those of the earlier range, whether or not it takes part there.
    const first = request.compare === null ? [] : [{ part: 0, compare: request.compare }];
    const add = (one: Wanted): void => {
      const part = parts[one.part]!;
      this.#views.push({ wanted: one, view: open(viewOfPart(request, part, one.compare), part) });
    };
    for (const one of [...first, ...wanted])
      if (one.compare !== null && this.#find(one) === undefined) add(one);
    for (const one of wanted) if (this.#find(one) === undefined) add(one);
  }

  /** Returns the view in which a leaf has its values: in the range itself, or in an earlier one. */
  of(leaf: Pick<Leaf, 'part' | 'shift'>, compare: Compare | null): { view: LiveView; isEarlier: boolean } {
    const wanted = this.#wantedBy(leaf, compare);
    return { view: this.#find(wanted)!, isEarlier: wanted.compare !== null };
  }

  /** The range itself is in each view of a part. */
  #find({ part, compare }: Wanted): LiveView | undefined {
    const text = JSON.stringify(compare);
    return this.#views.find(
      ({ wanted }) => wanted.part === part && (compare === null || JSON.stringify(wanted.compare) === text),
    )?.view;
  }

  #wantedBy({ part, shift }: Pick<Leaf, 'part' | 'shift'>, compare: Compare | null): Wanted {
    if (shift === 0) return { part, compare };
    const more = compare === null ? 0 : (shiftOf(compare, this.#request) ?? 0);
    return { part, compare: { kind: 'earlier', ms: shift + more } };
  }
}
