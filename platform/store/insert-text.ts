/** Bytes-ish of one inline insert; larger ones are split, since the text is held twice. */
const CHUNK = 8_000_000;

/**
 * Rows as JSONCompactEachRow texts, each a bounded number of whole rows. `JSON.stringify` leaves no raw line break
 * in them: the engine would read what follows an empty line as SQL.
 */
export function* insertTexts(rows: readonly (readonly unknown[])[]): Generator<string> {
  let lines: string[] = [];
  let size = 0;
  for (const row of rows) {
    const line = JSON.stringify(row);
    if (size > 0 && size + line.length > CHUNK) {
      yield lines.join('\n');
      [lines, size] = [[], 0];
    }
    lines.push(line);
    size += line.length;
  }
  if (lines.length > 0) yield lines.join('\n');
}
