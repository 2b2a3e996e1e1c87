import { readFile } from 'node:fs/promises';
import { resultFile } from '../write-result.ts';
import type { ViewRow } from './measure-views.ts';

type Row = Pick<ViewRow, 'groups' | 'range' | 'window'> & Partial<ViewRow>;

const COLUMNS = ['answer', 'cold', 'warm', 'hold', 'memory'] as const;

/** Returns two results of the bench in one table, in Markdown: a row a view, before and after in each cell. */
export async function compareHistory(before: string, after: string): Promise<string> {
  const [was, is] = await Promise.all([before, after].map(readRows));
  const keys = new Map([...was!, ...is!].map((row) => [keyOf(row), row]));
  const find = (rows: readonly Row[], key: string) => rows.find((row) => keyOf(row) === key);
  const lines = [...keys].map(([key, { groups, range, window }]) => {
    const sides = [find(was!, key), find(is!, key)].map(textsOf);
    const cells = COLUMNS.map((_, i) => sides.map((texts) => texts[i]).join(' → '));
    return [groups, range, window, ...cells];
  });
  const head = ['groups', 'range', 'window', 'answer', 'cold p50 / p95, ms', 'warm p50 / p95, ms'];
  head.push('longest hold, ms', 'memory, MB');
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const keyOf = ({ groups, range, window }: Row): string => `${groups} ${range} ${window}`;

/** A refusal has no times worth showing. */
function textsOf(row: Row | undefined): string[] {
  if (row === undefined) return COLUMNS.map(() => '–');
  const times = (of: { p50: number; p95: number } | null | undefined): string =>
    of ? `${of.p50} / ${of.p95}` : '–';
  const code = row.answer === 'ok' ? `${row.values} values` : String(row.answer);
  if (row.answer !== 'ok') return [code, ...COLUMNS.slice(1).map(() => '–')];
  return [code, times(row.coldMs), times(row.warmMs), String(row.holdMs), `+${row.growthMB}`];
}

async function readRows(name: string): Promise<readonly Row[]> {
  return (JSON.parse(await readFile(await resultFile(name), 'utf8')) as { rows: Row[] }).rows;
}
