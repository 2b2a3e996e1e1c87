import { apply, emptyContents, type FrameView, type ViewContents } from '#contracts/view/frame.ts';

/**
 * Window start and group → value; the windows that `__other__` took part in; the range, and of a calendar its bounds; the
 * earlier range that it is compared with.
 */
export interface Shown {
  start: number;
  end: number;
  cells: Map<string, number>;
  series: string[];
  partial: number[];
  bounds: number[];
  earlier: Shown | null;
}

export const cellKey = (window: number, group: readonly string[]): string =>
  `${window} ${JSON.stringify(group)}`;

/** What a client has on its screen. */
export function shownOf(contents: ViewContents): Shown {
  const cells = new Map<string, number>();
  const series: string[] = [];
  for (const { group, cells: windows } of contents.series.values()) {
    series.push(JSON.stringify(group));
    for (const [window, [value]] of windows) cells.set(cellKey(window, group), value!);
  }
  const { start, end, partial, bounds, compare } = contents;
  const earlier = compare && shownOf(compare);
  return { start, end, cells, series, partial: [...partial], bounds, earlier };
}

/** The same of a whole snapshot. */
export function shownBy(snapshot: FrameView): Shown {
  const contents = emptyContents();
  apply(contents, { epoch: '', from: -1, to: 0, views: [snapshot] }, snapshot);
  return shownOf(contents);
}

/** Equal texts, equal contents. */
export const textOf = (shown: Shown): string => JSON.stringify(partsOf(shown));

const partsOf = ({ start, end, cells, series, partial, bounds, earlier }: Shown): unknown[] => [
  [start, end, ...bounds],
  [...cells].sort(),
  series.toSorted(),
  partial.toSorted((a, b) => a - b),
  ...(earlier === null ? [] : [partsOf(earlier)]),
];
