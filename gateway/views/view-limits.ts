import type { Fault } from '#contracts/errors.ts';
import { formatDuration } from '#contracts/text/duration.ts';
import type { LiveView } from '../core/view/live-view.ts';

/** Bounds of one view and of the reads for it. */
export interface ViewLimits {
  /** Values that a view shows: one for each output of a cell. */
  viewCells: number;
  /** Stored rows that one read may look at. */
  readRows: number;
}

/** Returns why a view is too large; null where it is not. */
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

/** Returns why a read of this many rows is refused; null where it is allowed. */
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

/** Places that a table may have for each value that a view may have: most of a table of rare groups is empty. */
const PLACES_PER_VALUE = 4;

/** Returns why the table of a view, with a place for every window of every group, is too large; null where it is not. */
export function checkTable({ request, groups, outputs }: LiveView, viewCells: number): Fault | null {
  const windows = request.range / request.window;
  const most = PLACES_PER_VALUE * viewCells;
  if (windows * groups * outputs <= most) return null;
  return {
    code: 'view_too_large',
    field: 'range',
    message: `The answer would be a table of more than ${most} values, ${PLACES_PER_VALUE} times MILLRACE_VIEW_CELLS: ${windows} windows of ${groups} groups. ${whatFits(
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
