import { readFile } from 'node:fs/promises';
import { durationOf } from '#contracts/text/duration.ts';
import { resultFile } from '../write-result.ts';
import type { ViewRow } from './measure-views.ts';

const COLUMNS = ['answer', 'cold', 'warm', 'hold', 'memory'] as const;

/** Returns two results of the bench in one table, in Markdown: a row a view, before and after in each cell; one that is not there is empty. */
export async function compareHistory(before: string, after: string): Promise<string> {
  const [was, is] = await Promise.all([before, after].map((name) => readHistory(name).catch(() => [])));
  const keys = mergeRows(was!, is!).map((row) => [keyOf(row), row] as const);
  const find = (rows: readonly ViewRow[], key: string) => rows.find((row) => keyOf(row) === key);
  const lines = keys.map(([key, { groups, range, window }]) => {
    const sides = [find(was!, key), find(is!, key)].map(textsOf);
    const cells = COLUMNS.map((_, i) => sides.map((texts) => texts[i]).join(' → '));
    return [groups, range, window, ...cells];
  });
  const head = ['groups', 'range', 'window', 'answer', 'cold p50 / p95, ms', 'warm p50 / p95, ms'];
  head.push('longest hold, ms', 'memory, MB');
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const keyOf = ({ groups, range, window }: ViewRow): string => `${groups} ${range} ${window}`;

/** A refusal has no times worth showing. */
function textsOf(row: ViewRow | undefined): string[] {
  if (row === undefined) return COLUMNS.map(() => '–');
  const times = (of: { p50: number; p95: number } | null | undefined): string =>
    of ? `${of.p50} / ${of.p95}` : '–';
  const code = row.answer === 'ok' ? `${row.values} values` : String(row.answer);
  if (row.answer !== 'ok') return [code, ...COLUMNS.slice(1).map(() => '–')];
  return [
    code,
    times(row.coldMs),
    times(row.warmMs),
    row.holdMs === 0 ? '< 20' : String(row.holdMs),
    `+${row.growthMB}`,
  ];
}

/** Returns the rows of a result; rejects where there is none. */
export async function readHistory(name: string): Promise<ViewRow[]> {
  return (JSON.parse(await readFile(await resultFile(name), 'utf8')) as { rows: ViewRow[] }).rows;
}

/** Returns both, the newer of equal views, in the order of groups, range and window. */
export function mergeRows(older: readonly ViewRow[], newer: readonly ViewRow[]): ViewRow[] {
  const rows = new Map([...older, ...newer].map((row) => [keyOf(row), row]));
  const ms = (text: string): number => (isDuration(text) ? durationOf(text) : Number.MAX_SAFE_INTEGER);
  return [...rows.values()].sort(
    (a, b) => a.groups - b.groups || ms(a.range) - ms(b.range) || ms(a.window) - ms(b.window),
  );
}

const isDuration = (text: string): boolean => /^\d/.test(text);
