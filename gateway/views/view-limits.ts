import type { Fault } from '#contracts/errors.ts';
import { formatDuration, MINUTE } from '#contracts/text/duration.ts';
import { stepOf } from '#contracts/view/view.ts';
import type { OpenView } from '../core/view/live-view.ts';

/** Bounds of one view and of the reads for it. */
export interface ViewLimits {
  /** Values that a view shows: one for each output of a cell. */
  viewCells: number;
  /** Stored rows that one read may look at. */
  readRows: number;
}

/** Returns why a view is too large; null where it is not. */
export function checkCells(
  { request, range, cells, groups, outputs }: OpenView,
  { viewCells }: ViewLimits,
): Fault | null {
  if (cells * outputs <= viewCells) return null;
  const windows = range.count;
  return {
    code: 'view_too_large',
    field: 'range',
    message: `The view has more than ${viewCells} values (MILLRACE_VIEW_CELLS): ${windows} windows of ${groups} groups or more${
      outputs === 1 ? '' : `, ${outputs} values each`
    }. ${whatFits({ request, range }, Math.floor(viewCells / (groups * outputs)))}`,
  };
}

/** Returns why a read of this many rows is refused; null where it is allowed. */
export function checkRows({ range }: OpenView, rows: number, { readRows }: ViewLimits): Fault | null {
  if (rows <= readRows) return null;
  const length = Math.floor(((range.end - range.start) * (readRows / rows)) / MINUTE) * MINUTE;
  const fits =
    length > 0
      ? `A range of about ${formatDuration(length)} would fit.`
      : 'Not even a minute of it would fit.';
  return {
    code: 'view_too_large',
    field: 'range',
    message: `The range holds about ${rows} stored rows, and a read may look at ${readRows} (MILLRACE_READ_ROWS). ${fits}`,
  };
}

/** Places that a table may have for each value that a view may have: most of a table of rare groups is empty. */
const PLACES_PER_VALUE = 4;

/** Returns why the table of a view, with a place for every window of every group, is too large; null where it is not. */
export function checkTable({ request, range, groups, outputs }: OpenView, viewCells: number): Fault | null {
  const windows = range.count;
  const most = PLACES_PER_VALUE * viewCells;
  if (windows * groups * outputs <= most) return null;
  return {
    code: 'view_too_large',
    field: 'range',
    message: `The answer would be a table of more than ${most} values, ${PLACES_PER_VALUE} times MILLRACE_VIEW_CELLS: ${windows} windows of ${groups} groups. ${whatFits(
      { request, range },
      Math.floor(most / (groups * outputs)),
    )}`,
  };
}

/** Says which range would fit, or which window. */
function whatFits({ request, range }: Pick<OpenView, 'request' | 'range'>, windows: number): string {
  const fewer = 'filter, or group by fewer dimensions';
  const step = stepOf(request.windows);
  if (windows < 1 || step === 0) return `Not even one window would fit: ${fewer}.`;
  if (request.windows.kind === 'calendar') return `A range of ${windows} windows would fit; else ${fewer}.`;
  const longer = Math.ceil(range.count / windows) * step;
  return `A range of ${formatDuration(windows * step)} would fit, or a window of ${formatDuration(longer)}; else ${fewer}.`;
}
