import { openWindow } from '#contracts/view/windows.ts';
import { mergeCell } from '../hot/hot-cell.ts';
import type { Steps } from '../steps.ts';
import type { ViewCells } from './view-cells.ts';
import type { ViewRange } from './view-range.ts';
import type { ViewWindow } from './view-window.ts';
import { type FillTarget, fillInSteps, fillValues, type ValueSource } from './window-values.ts';

/** Whose panes are merged. */
interface MergeTarget {
  readonly cells: ViewCells;
  readonly range: ViewRange;
  readonly source: ValueSource;
  /** Panes below it are merged; it is moved along. */
  cut: number;
  targetOf(window: ViewWindow, elapsed: number): FillTarget;
}

/** Merges the panes below a cut, after which their hot states are not needed. What is shown stays the same. */
export function* mergeBelow(target: MergeTarget, cut: number): Steps {
  const { cells, range, source } = target;
  const { timeline, overlaps } = range;
  const ended = [...cells.open].filter((w) => w.end <= cut && w.end > target.cut);
  ended.sort((a, b) => a.end - b.end);
  // Windows that share panes with others end with what was merged into them pane by pane.
  if (!overlaps) yield* closeInSteps(target, ended);
  const from =
    overlaps || timeline === null ? target.cut : Math.max(target.cut, openWindow(timeline.windows, cut));
  for (const pane of source.hot.panesOf(from, cut)) {
    mergePane(target, pane);
    target.cut = pane + source.metric.pane;
    yield;
  }
  target.cut = cut;
  if (overlaps) yield* closeInSteps(target, ended);
}

/** Gives ended windows their last values, in steps, and moves the cut behind each. */
function* closeInSteps(target: MergeTarget, ended: readonly ViewWindow[]): Steps {
  const { cells, source } = target;
  for (const window of ended) {
    const fill = target.targetOf(window, window.end - window.start);
    yield* fillInSteps(source, fill);
    // In this step, for what changed since: nothing can change before it is merged.
    fillValues(source, fill);
    cells.seal(window);
    target.cut = Math.max(target.cut, window.end);
    yield;
  }
}

function mergePane({ cells, range, source }: MergeTarget, pane: number): void {
  const { hot, aggregate, projection } = source;
  const windows = range.windowsHolding(pane).map((start) => cells.windows.get(start));
  for (const cell of hot.pane(pane)?.values() ?? []) {
    const series = projection.matches(cell.group) && cells.series.get(projection.keyOf(cell.group));
    if (!series) continue;
    for (const window of windows) {
      const into = window?.cells.get(series);
      if (into === undefined) continue;
      const merged = into.base === null ? aggregate.create() : aggregate.decode(into.base);
      mergeCell(aggregate, merged, cell);
      cells.setBase(into, aggregate.encode(merged));
    }
  }
}
