import { groupKey } from '../metric/dimension.ts';
import { type Filled, lackOf } from './backfill-progress.ts';
import type { PreviewNotes } from './preview-result.ts';
import type { ViewInfo } from './view.ts';

/** A position in the update stream. Offsets of different epochs cannot be compared. */
export interface Cursor {
  epoch: string;
  offset: number;
}

/**
 * What changed in some views over the range (from, to] of the update stream, with absolute values. One merged
 * frame can stand for any number of missed ones. JSON, columnar.
 */
export interface Frame {
  epoch: string;
  from: number;
  to: number;
  views: FrameView[];
}

export interface FrameView {
  view: string;
  version: number;
  /** The whole contents: replaces what the client has, whatever its cursor. */
  snapshot?: true;
  /** With an unsolicited snapshot: what the view is now, since its metric may have changed. */
  info?: ViewInfo;
  /** Oldest receipt newly included, epoch ms; null when the frame carries nothing newly received. */
  received: number | null;
  /** Shown watermark, epoch ms: windows that end above it are open. Null before any event. */
  watermark: number | null;
  /** Up to when the view is complete, epoch ms; when it stops advancing, the view is stale. */
  asOf: number | null;
  /** How much of the history is contained: in every answer, and in frames while some of it is lacking. */
  filled?: Filled;
  /**
   * From where on history is known, epoch ms: the metric's first event, or the end of its retention. A window without a cell is
   * empty from here on, and unknown before. Null where nothing is known yet.
   */
  begins?: number | null;
  /** Start of the first and end of the last window of the range; cells below `start` are gone. */
  start: number;
  end: number;
  /** Of periods of a calendar, whose lengths differ: the start of each window of the range and the end of the last, where they changed. */
  bounds?: number[];
  /** The earlier range that this one is compared with: what changed in it. The window at an index belongs to the one at the same index here. */
  compare?: FrameView;
  /** With `top`: how many groups have been ranked. */
  groups?: number;
  /** Of a definition that is not saved: what is known of it beside its values. In every answer, and where it has changed. */
  preview?: PreviewNotes;
  /** Starts of the windows with changed cells, ascending. */
  windows: number[];
  /** One entry a changed cell: which window (index into `windows`) and which series (its number). */
  at: number[];
  series: number[];
  /** One column an output: the cell's value, or null for no value. All null: the cell is gone, unless it is one of `overflow`. */
  values: (number | null)[][];
  /** One entry a changed cell: the texts that its first outputs belong to, in their order. Absent where outputs mean the same in every window. */
  names?: (readonly string[])[];
  /** Changed cells, as indices into `at`, with a value beyond every double: null, and the cell is there. Absent for none. */
  overflow?: number[];
  /** Of `windows`, the starts in which events may be hidden in `__other__` that the view would show by name: named values are lower bounds there. */
  partial: number[];
  /** The full list of series; present at snapshot, at resume and when it changed. */
  members?: Member[];
}

/** Series numbers are one gateway's; across gateways a series is its group. */
export interface Member {
  series: number;
  /** Values of the view's groupBy dimensions, in order. */
  group: string[];
  /** All groups that are not among those with the highest values, merged. */
  rest?: true;
}

export interface Series {
  group: string[];
  rest?: true;
  /** Window start → one value an output; all null for a cell whose value is beyond every double. */
  cells: Map<number, (number | null)[]>;
  /** Window start → the texts that the first values of the cell belong to; absent where values belong to none. */
  names?: Map<number, readonly string[]> | undefined;
}

/** A view as a client holds it: what `apply` folds frames into. */
export interface ViewContents {
  cursor: Cursor | null;
  version: number;
  watermark: number | null;
  asOf: number | null;
  /** How much of the metric's history is contained; null where all of it is, or nothing has come yet. */
  filled: Filled | null;
  begins: number | null;
  start: number;
  end: number;
  /** Of periods of a calendar: the start of each window and the end of the last. Empty where all windows are equally long. */
  bounds: number[];
  /** The earlier range that this one is compared with, index by index; null without one. */
  compare: ViewContents | null;
  /** With `top`: how many groups have been ranked; null without. */
  groups: number | null;
  /** Of a definition that is not saved: what is known of it beside its values. Absent for all others. */
  preview?: PreviewNotes;
  series: Map<number, Series>;
  partial: Set<number>;
}

export const emptyContents = (): ViewContents => ({
  cursor: null,
  version: 0,
  watermark: null,
  asOf: null,
  filled: null,
  begins: null,
  start: 0,
  end: 0,
  bounds: [],
  compare: null,
  groups: null,
  series: new Map(),
  partial: new Set(),
});

/**
 * Applies one view of a frame in place: `ignored` when the contents already hold it, `behind` when frames
 * between are missing (ask again with the cursor), else `applied`.
 */
export function apply(
  contents: ViewContents,
  frame: Frame,
  change: FrameView,
): 'applied' | 'ignored' | 'behind' {
  const { cursor } = contents;
  if (!change.snapshot) {
    if (cursor === null || cursor.epoch !== frame.epoch || contents.version !== change.version)
      return 'behind';
    // A resume without changes still renumbers the series when it comes from another gateway.
    const renumbers = frame.to === cursor.offset && change.members !== undefined;
    if (frame.to <= cursor.offset && !renumbers) return 'ignored';
    if (frame.from > cursor.offset) return 'behind';
  }
  applyChange(contents, frame, change);
  return 'applied';
}

function applyChange(contents: ViewContents, frame: Frame, change: FrameView): void {
  if (change.snapshot) {
    contents.series.clear();
    contents.partial.clear();
    contents.bounds = [];
  }
  if (change.members) setMembers(contents, change.members);
  setCells(contents, change);
  trim(contents, change.start);
  contents.cursor = { epoch: frame.epoch, offset: frame.to };
  contents.version = change.version;
  contents.watermark = change.watermark;
  contents.asOf = change.asOf;
  contents.filled = lackOf(change.filled);
  contents.begins = change.begins ?? null;
  contents.start = change.start;
  contents.end = change.end;
  if (change.bounds) contents.bounds = change.bounds;
  if (change.groups !== undefined) contents.groups = change.groups;
  if (change.preview) contents.preview = change.preview;
  if (change.compare) {
    contents.compare ??= emptyContents();
    applyChange(contents.compare, frame, change.compare);
  }
}

/** Series keep their cells by group, since another gateway may number them differently; unlisted series are dropped. */
function setMembers(contents: ViewContents, members: readonly Member[]): void {
  const known = new Map([...contents.series.values()].map((s) => [groupKey(s.group), s]));
  contents.series.clear();
  for (const { series, group, rest } of members) {
    const before = known.get(groupKey(group));
    const cells = before?.cells ?? new Map();
    contents.series.set(series, { group, cells, names: before?.names, ...(rest && { rest }) });
  }
}

function setCells(contents: ViewContents, change: FrameView): void {
  for (const window of change.windows) contents.partial.delete(window);
  for (const window of change.partial) contents.partial.add(window);
  const beyond = new Set(change.overflow);
  for (let i = 0; i < change.at.length; i++) {
    const series = contents.series.get(change.series[i]!);
    const window = change.windows[change.at[i]!];
    if (series === undefined || window === undefined) continue;
    const values = change.values.map((column) => column[i] ?? null);
    if (values.every((v) => v === null) && !beyond.has(i)) {
      removeCell(series, window);
      continue;
    }
    series.cells.set(window, values);
    if (!change.names) continue;
    series.names ??= new Map();
    series.names.set(window, change.names[i] ?? []);
  }
}

function removeCell({ cells, names }: Series, window: number): void {
  cells.delete(window);
  names?.delete(window);
}

function trim(contents: ViewContents, start: number): void {
  if (start <= contents.start) return;
  for (const series of contents.series.values()) {
    for (const window of series.cells.keys()) if (window < start) removeCell(series, window);
  }
  for (const window of contents.partial) if (window < start) contents.partial.delete(window);
}
