import { readFile } from 'node:fs/promises';

/** Returns where the log's file ends without the zeros reserved for later commits, in whole pages. */
export async function writtenEnd(file: string): Promise<number> {
  const bytes = await readFile(file);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return Math.ceil(end / 4_096) * 4_096;
}
