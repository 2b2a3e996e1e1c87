import { isRecord } from '#contracts/is-record.ts';
import type { Own } from '../app/url-state.ts';
import type { Question } from './question.ts';

/** The window that is explained, and of which group. Times are epoch ms. */
export interface Selection {
  from: number;
  to: number;
  /** Values by dimension; null: all groups together. */
  group: Readonly<Record<string, string>> | null;
}

/** Reads the selection of the address; null for none, and where it cannot be read. */
export function readSelection({ at, until, group }: Own): Selection | null {
  const [from, to] = [Date.parse(at ?? ''), Date.parse(until ?? '')];
  return from < to ? { from, to, group: readGroup(group) } : null;
}

function readGroup(text: string | undefined): Record<string, string> | null {
  if (text === undefined) return null;
  try {
    const group: unknown = JSON.parse(text);
    if (!isRecord(group)) return null;
    return Object.fromEntries(Object.entries(group).map(([name, value]) => [name, String(value)]));
  } catch {
    // As anything else in an address that cannot be read.
    return null;
  }
}

/** Returns the parameters of a selection; empty ones for none. */
export function writeSelection(selection: Selection | null): Own {
  if (selection === null) return { at: '', until: '', group: '' };
  return {
    at: new Date(selection.from).toISOString(),
    until: new Date(selection.to).toISOString(),
    group: selection.group === null ? '' : JSON.stringify(selection.group),
  };
}

/** The values of a group by the dimensions of the question. */
export const groupOf = ({ by }: Pick<Question, 'by'>, values: readonly string[]): Record<string, string> =>
  Object.fromEntries(by.map((name, i) => [name, values[i] ?? '']));

/** Returns the window before or after the chosen one: as long, and right beside it. */
export const besides = ({ from, to, group }: Selection, by: -1 | 1): Selection => ({
  from: from + by * (to - from),
  to: to + by * (to - from),
  group,
});

/** What the archive is asked about a selection, as parameters of an address. */
export function cellsOf({ where }: Pick<Question, 'where'>, { from, to, group }: Selection): URLSearchParams {
  const asked = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  if (where !== '') asked.set('where', where);
  if (group !== null) asked.set('group', JSON.stringify(group));
  return asked;
}
