import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';

/** One value over a range, and that of the earlier range that it is compared with. Times are epoch ms. */
export interface RangeFigure {
  from: number;
  to: number;
  /** Null for no value. */
  value: number | null;
  /** Of the definition that the value was made by. */
  unit: string;
  /** The earlier range; null without one. */
  before: { from: number; to: number; value: number | null } | null;
  /** Where history begins, where that is within the earlier range or after it: then there is nothing to compare with. */
  began: number | null;
}

/** Returns the figure of a view of one window (`whole`); the first of the wanted outputs. */
export function rangeFigureOf(
  info: Pick<ViewInfo, 'outputs' | 'empty' | 'unit'>,
  contents: ViewContents,
  outputs: readonly string[],
): RangeFigure {
  const output = Math.max(
    0,
    info.outputs.findIndex((name) => outputs.length === 0 || outputs.includes(name)),
  );
  const { begins, start, end, compare } = contents;
  const read = (of: ViewContents, isKnown: boolean): number | null => {
    const [series] = of.series.values();
    const cell = series?.cells.get(of.start);
    if (cell !== undefined) return cell[output] ?? null;
    return isKnown && info.empty === 'zero' ? 0 : null;
  };
  const isBefore = compare !== null && begins !== null && begins <= compare.start;
  return {
    ...{ from: start, to: end, value: read(contents, begins !== null && begins < end) },
    unit: info.unit,
    before:
      compare === null
        ? null
        : { from: compare.start, to: compare.end, value: isBefore ? read(compare, true) : null },
    began: compare === null || isBefore ? null : begins,
  };
}
