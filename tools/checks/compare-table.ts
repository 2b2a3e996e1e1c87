/** What a document's table lacks, has too much of, or says differently than the code; `cells` are its first columns. */
export function compareTable(
  document: string,
  rows: ReadonlyMap<string, string[]>,
  code: ReadonlyMap<string, string[]>,
): string[] {
  const problems: string[] = [];
  for (const [name, cells] of code) {
    const row = rows.get(name);
    if (row === undefined) problems.push(`${document} does not tell of ${name}`);
    else if (cells.some((cell, i) => row[i] !== cell)) {
      problems.push(
        `${document}: ${name} is ${cells.join(', ')} in the code, ${row.slice(0, cells.length).join(', ')} there`,
      );
    }
  }
  for (const name of rows.keys())
    if (!code.has(name)) problems.push(`${document} tells of ${name}, which the code has not`);
  return problems;
}
