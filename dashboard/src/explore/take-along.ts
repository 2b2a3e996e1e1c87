import type { Panel } from '#contracts/board/panel.ts';
import { isRecord } from '#contracts/is-record.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { ApiError } from '../app/ask.ts';
import type { TraceSet } from '../charts/trace/trace.ts';

/** Returns the address of the same view as a table, for programs. */
export function seriesPath({ metric, groupBy, ...view }: ViewRequest): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(view)) {
    if (value === undefined || value === null) continue;
    asked.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  if (groupBy != null)
    asked.set(
      'groupBy',
      groupBy.some((name) => name.includes(',')) ? JSON.stringify(groupBy) : groupBy.join(),
    );
  return `/v1/metrics/${encodeURIComponent(metric)}/series?${asked}`;
}

/** A command for a shell. With `keyed` the key is taken from the environment: none is written into a text that is passed on. */
export function curlOf(origin: string, path: string, keyed: boolean): string {
  const quoted = `'${`${origin}${path}`.replaceAll("'", "'\\''")}'`;
  return `curl ${quoted}${keyed ? ' -H "Authorization: Bearer $MILLRACE_KEY"' : ''}`;
}

/** The panel as an entry of a board's `panels`, in YAML: what is nested is in its flow style, which is JSON. */
export function yamlOf({ id, kind, title, place, view, outputs, stack }: Panel): string {
  const fields = {
    id,
    kind,
    title,
    place,
    view,
    ...(outputs.length > 0 ? { outputs } : {}),
    ...(stack === undefined ? {} : { stack }),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `- ${lines.join('\n  ')}\n`;
}

/** The windows of a chart as a table: the time of each in ISO 8601, and a column for each line. What has no value is empty. */
export function csvOf(
  data: Pick<TraceSet, 'times' | 'traces' | 'value' | 'first' | 'closed'>,
  { from, to }: { from: number; to: number },
): string {
  const { times, traces } = data;
  const rows = [['window', ...traces.map(({ name }) => name)]];
  const last = Math.min(data.closed, times.indexAt(to));
  for (let i = Math.max(data.first, times.indexAt(from)); i < last; i++) {
    const values = traces.map((trace) => data.value(trace, i));
    rows.push([
      new Date(times.beginOf(i)).toISOString(),
      ...values.map((v) => (Number.isNaN(v) ? '' : String(v))),
    ]);
  }
  return rows.map((row) => `${row.map(cell).join()}\r\n`).join('');
}

/** As RFC 4180 has it. A text that a spreadsheet would take for a formula begins with an apostrophe. */
function cell(text: string): string {
  const safe = /^[=+\-@]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of a panel that is added to a board, and its columns. */
const SIZE = { w: 6, h: 3 };

/** Returns a board as it is stored with one more panel below the others, under an id that none of them has. */
export function withPanel(board: unknown, panel: Panel): { board: Record<string, unknown>; id: string } {
  if (!isRecord(board) || !Array.isArray(board.panels))
    throw new ApiError('There is no such board any more.');
  const places = board.panels.filter(isRecord).map(({ place }) => (isRecord(place) ? place : {}));
  const y = Math.max(0, ...places.map((place) => (Number(place.y) || 0) + (Number(place.h) || 0)));
  const taken = new Set(board.panels.filter(isRecord).map(({ id }) => id));
  const wanted = idOf(panel.view?.metric ?? '');
  let id = wanted;
  for (let i = 2; taken.has(id); i++) id = `${wanted}-${i}`;
  return {
    board: { ...board, panels: [...board.panels, { ...panel, id, place: { x: 0, y, ...SIZE } }] },
    id,
  };
}

/** Letters, digits and dashes of a metric's id or an expression, beginning with a letter. */
const idOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40) || 'panel';
