import { groupKey } from '#contracts/metric/dimension.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';

/** A group and its one value over the range. */
export interface GroupLine {
  key: string;
  group: readonly string[];
  /** Whether it stands for the groups that are not listed. */
  rest: boolean;
  /** Null for no value. */
  value: number | null;
  /** That of the range compared with; null for none. */
  before: number | null;
  /** Of all groups, 0 to 1; null where values do not add. */
  share: number | null;
}

/** Returns the lines of a view with one window over all (`whole`), the largest first, what is not listed last. */
export function linesOf(
  info: Pick<ViewInfo, 'outputs' | 'adds' | 'empty'>,
  contents: ViewContents,
  output: string | null,
): GroupLine[] {
  const at = Math.max(0, info.outputs.indexOf(output ?? ''));
  const empty = info.empty === 'zero' ? 0 : null;
  const { compare, begins } = contents;
  // Before history begins an empty window is no zero.
  const isBefore = compare !== null && begins !== null && begins <= compare.start;
  const earlier = new Map(
    [...(compare?.series.values() ?? [])].map((one) => [
      keyOf(one.group, one.rest),
      one.cells.get(compare!.start),
    ]),
  );
  const lines = [...contents.series.values()].map(({ group, rest = false, cells }): GroupLine => {
    const key = keyOf(group, rest);
    const [cell, was] = [cells.get(contents.start), earlier.get(key)];
    return {
      ...{ key, group, rest, share: null },
      value: cell === undefined ? empty : (cell[at] ?? null),
      before: isBefore ? (was === undefined ? empty : (was[at] ?? null)) : null,
    };
  });
  return withShares(lines, info.adds).sort(compareLines);
}

const keyOf = (group: readonly string[], rest = false): string => (rest ? 'rest' : groupKey(group));

function withShares(lines: GroupLine[], adds: ViewInfo['adds']): GroupLine[] {
  const values = lines.map(({ value }) => value ?? 0);
  const total = values.reduce((sum, value) => sum + value, 0);
  if (adds === 'nothing' || values.some((value) => value < 0) || total <= 0 || !Number.isFinite(total))
    return lines;
  return lines.map((line) => ({ ...line, share: (line.value ?? 0) / total }));
}

function compareLines(a: GroupLine, b: GroupLine): number {
  if (a.rest !== b.rest) return Number(a.rest) - Number(b.rest);
  const [x, y] = [a.value ?? Number.NEGATIVE_INFINITY, b.value ?? Number.NEGATIVE_INFINITY];
  return x === y ? (a.key < b.key ? -1 : 1) : y - x;
}
