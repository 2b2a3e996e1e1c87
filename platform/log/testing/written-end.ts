import { readFile } from 'node:fs/promises';

/** Where the log's file ends but for the zeros that are kept for what comes next, in whole pages. */
export async function writtenEnd(file: string): Promise<number> {
  const bytes = await readFile(file);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return Math.ceil(end / 4_096) * 4_096;
}
