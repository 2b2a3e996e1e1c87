import { sharedBlock } from '#contracts/view/window-align.ts';
import type { GridWindows, StoreWindows } from '#contracts/view/windows.ts';
import type { Params } from '../connection/engine-connection.ts';

/**
 * One step from panes to windows: rows of `from` are placed by `by`, and those that come to one place are merged. The last
 * step places by `window`. Only windows from `first` to `last`.
 */
export interface MergeStep {
  by: string;
  /** A SELECT over `from` of the columns of `by` and `STEP_COLUMNS`. */
  place(from: string): string;
}

/** What every step hands on beside the place. */
export const STEP_COLUMNS = 'admitted, dims, other, filled, nums, keys, counts';

/** From how many windows a pane may be in it pays to merge blocks into longer ones first. */
const MANY = 4;

/** The steps of a read over rows with the column `pane`, and their parameters. */
export function mergeSteps(windows: StoreWindows): { steps: MergeStep[]; params: Params } {
  if (windows.kind === 'list') {
    const window = `roundDown(pane, {bounds:Array(Int64)})`;
    return {
      steps: [placeOnce(window)],
      params: { bounds: windows.bounds.map(String) },
    };
  }
  const { size, every, origin } = windows;
  if (size > every) return hoppingSteps(windows);
  const into = 'positiveModulo(pane - {origin:Int64}, {every:Int64})';
  return {
    steps: [placeOnce(`pane - ${into}`, size < every ? `${into} < {size:Int64}` : 'true')],
    params: { size, every, origin },
  };
}

/** Each pane in at most one window. */
const placeOnce = (window: string, where = 'true'): MergeStep => ({
  by: 'window',
  place: (from) =>
    `SELECT * FROM (SELECT ${window} AS window, ${STEP_COLUMNS} FROM (${from}) WHERE ${where})
     WHERE window >= {first:Int64} AND window <= {last:Int64}`,
});

/**
 * Windows that overlap: panes are merged into blocks of which every window is made, then blocks into windows. Where a block
 * is in many, blocks are first merged into pieces of 1, 2, 4, … of them, as in a segment tree, and a window is made of the
 * longest pieces that fit into it: each row takes part in some twice the logarithm of blocks a window, not in as many.
 */
function hoppingSteps(windows: GridWindows): { steps: MergeStep[]; params: Params } {
  const { size, every, origin } = windows;
  const block = sharedBlock(windows);
  const levels = size / every > MANY ? Math.floor(Math.log2(size / block)) + 1 : 1;
  const into = 'positiveModulo(pane - {origin:Int64}, {block:Int64})';
  const blocks: MergeStep = {
    by: 'piece',
    place: (from) => `SELECT pane - ${into} AS piece, ${STEP_COLUMNS} FROM (${from})`,
  };
  const length = 'bitShiftLeft({block:Int64}, level)';
  const pieces: MergeStep = {
    by: 'level, piece',
    place: (from) =>
      `SELECT level, start - positiveModulo(start - {origin:Int64}, ${length}) AS piece, ${STEP_COLUMNS}
       FROM (SELECT arrayJoin(range({levels:UInt8})) AS level, piece AS start, ${STEP_COLUMNS} FROM (${from}))`,
  };
  const toWindows: MergeStep = {
    by: 'window',
    place: (from) =>
      `SELECT arrayJoin(${gridStarts('earliest', 'latest')}) AS window, ${STEP_COLUMNS}
       FROM (SELECT ${earliestSql(levels)} AS earliest, ${latestSql(levels)} AS latest, ${STEP_COLUMNS}
         FROM (SELECT *, ${levels === 1 ? '{block:Int64}' : length} AS length,
           positiveModulo(piece - {origin:Int64}, 2 * length) = 0 AS is_first FROM (${from})))`,
  };
  return {
    steps: levels === 1 ? [blocks, toWindows] : [blocks, pieces, toWindows],
    params: { size, every, origin, block, levels },
  };
}

/*
 * A piece is in the windows that hold it, and whose next longer piece, of which it is the first or the second half, they do
 * not hold: that one counts in its place. No window holds what would be longer than the longest pieces.
 */

/** The earliest window that a piece is merged into starts here or later. */
const earliestSql = (levels: number): string => {
  const holding = 'piece + length - {size:Int64}';
  const isHalf = levels === 1 ? '' : `, if(is_first, ${holding}, piece - length + 1)`;
  return `greatest({first:Int64}, ${holding}${isHalf})`;
};

/** The latest one starts here or earlier. */
const latestSql = (levels: number): string => {
  const isHalf = levels === 1 ? '' : ', if(is_first, piece + 2 * length - {size:Int64} - 1, piece)';
  return `least({last:Int64}, piece${isHalf})`;
};

/** The starts of a grid from `earliest` to `latest`, both of them expressions. */
function gridStarts(earliest: string, latest: string): string {
  const steps = (time: string): string =>
    `intDiv(${time} - {origin:Int64} - positiveModulo(${time} - {origin:Int64}, {every:Int64}), {every:Int64})`;
  const range = `range(${steps(`(${earliest} + {every:Int64} - 1)`)}, ${steps(latest)} + 1)`;
  return `arrayMap(step -> {origin:Int64} + step * {every:Int64}, ${range})`;
}
