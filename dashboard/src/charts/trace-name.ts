import { MISSING, OTHER } from '#contracts/dimension.ts';

const WORDS: Record<string, string> = { [MISSING]: 'missing', [OTHER]: 'other' };

/** The name beside a trace: its group, and its output where several are drawn. */
export function nameOf(group: readonly string[], output: string, outputs: number): string {
  const words = group.map((value) => WORDS[value] ?? value);
  return [...words, ...(outputs > 1 || words.length === 0 ? [output] : [])].join(' ');
}
