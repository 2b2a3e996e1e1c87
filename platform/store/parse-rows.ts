import { setImmediate as turn } from 'node:timers/promises';

/** ms that parsing may hold the event loop before other work gets its turn. */
const SLICE = 8;

/** Reads rows of JSONEachRow, one a line, in slices: an answer may have tens of megabytes. */
export async function parseRows<T>(text: string): Promise<T[]> {
  const rows: T[] = [];
  let since = performance.now();
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    if (to > from) rows.push(JSON.parse(text.slice(from, to)) as T);
    from = to + 1;
    if (performance.now() - since < SLICE) continue;
    await turn();
    since = performance.now();
  }
  return rows;
}
