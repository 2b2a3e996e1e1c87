import type { Panel } from '#contracts/board/panel.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
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
