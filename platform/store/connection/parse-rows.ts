import { isTurnOver, nextTurn } from '#platform/process/tasks/turns.ts';

/** Reads rows of JSONEachRow, one a line, in slices: an answer may have tens of megabytes. */
export async function parseRows<T>(text: string): Promise<T[]> {
  const rows: T[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    if (to > from) rows.push(JSON.parse(text.slice(from, to)) as T);
    from = to + 1;
    if (isTurnOver()) await nextTurn();
  }
  return rows;
}
