import { awaitTurn } from '#platform/process/tasks/turns.ts';

/** Characters of one inline insert, about; a batch that is larger becomes several, since the text is held twice. */
const CHUNK = 4_000_000;

/**
 * Rows as JSONCompactEachRow texts, each a bounded number of whole rows. `JSON.stringify` leaves no raw line break
 * in them: the engine would read what follows an empty line as SQL.
 */
export async function* insertTexts(
  rows: Iterable<readonly unknown[]>,
  chunk = CHUNK,
): AsyncGenerator<string> {
  let lines: string[] = [];
  let size = 0;
  for (const row of rows) {
    const line = JSON.stringify(row);
    if (size > 0 && size + line.length >= chunk) {
      yield lines.join('\n');
      [lines, size] = [[], 0];
    }
    lines.push(line);
    size += line.length + 1;
    await awaitTurn();
  }
  if (lines.length > 0) yield lines.join('\n');
}
