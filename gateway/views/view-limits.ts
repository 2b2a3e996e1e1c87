import type { Fault } from '#contracts/errors.ts';
import { formatDuration } from '#contracts/text/duration.ts';
import type { LiveView } from '../core/view/live-view.ts';

/** Bounds of one view and of the reads for it. */
export interface ViewLimits {
  /** Values that a view shows, one an output of a cell. */
  viewCells: number;
  /** Stored rows that one read may look at. */
  readRows: number;
}

/** What is wrong with the size of a view; null where nothing is. */
export function checkCells(
  { request, cells, groups, outputs }: LiveView,
  { viewCells }: ViewLimits,
): Fault | null {
  if (cells * outputs <= viewCells) return null;
  const windows = request.range / request.window;
  return {
    code: 'view_too_large',
    field: 'range',
    message: `The view has more than ${viewCells} values (MILLRACE_VIEW_CELLS): ${windows} windows of ${groups} groups or more${
      outputs === 1 ? '' : `, ${outputs} values each`
    }. ${whatFits(request, Math.floor(viewCells / (groups * outputs)))}`,
  };
}

/** What is wrong with a read of so many rows; null where nothing is. */
export function checkRows({ request }: LiveView, rows: number, { readRows }: ViewLimits): Fault | null {
  if (rows <= readRows) return null;
  const windows = Math.floor((request.range / request.window) * (readRows / rows));
  const fits =
    windows > 0
      ? `A range of about ${formatDuration(windows * request.window)} would fit.`
      : 'Not even one window would fit.';
  return {
    code: 'view_too_large',
    field: 'range',
    message: `The range holds about ${rows} stored rows, and a read may look at ${readRows} (MILLRACE_READ_ROWS). ${fits}`,
  };
}

/** Places that a table has for each value that a view may have: most of a table of rare groups is empty. */
const PLACES = 4;

/** The same where every window of every group has a place, filled or not; null where nothing is wrong. */
export function checkTable({ request, groups, outputs }: LiveView, viewCells: number): Fault | null {
  const windows = request.range / request.window;
  const most = PLACES * viewCells;
  if (windows * groups * outputs <= most) return null;
  return {
    code: 'view_too_large',
    field: 'range',
    message: `The answer would be a table of more than ${most} values, ${PLACES} times MILLRACE_VIEW_CELLS: ${windows} windows of ${groups} groups. ${whatFits(
      request,
      Math.floor(most / (groups * outputs)),
    )}`,
  };
}

function whatFits({ range, window }: LiveView['request'], windows: number): string {
  const fewer = 'filter, or group by fewer dimensions';
  if (windows < 1) return `Not even one window would fit: ${fewer}.`;
  const longer = Math.ceil(range / windows / window) * window;
  return `A range of ${formatDuration(windows * window)} would fit, or a window of ${formatDuration(longer)}; else ${fewer}.`;
}
