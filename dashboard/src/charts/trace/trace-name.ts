import { MISSING, OTHER } from '#contracts/metric/dimension.ts';

/** No object: `constructor` is a value that somebody may send. */
const WORDS: ReadonlyMap<string, string> = new Map([
  [MISSING, 'missing'],
  [OTHER, 'other'],
  ['', 'empty text'],
]);

/** The name beside a trace: its group, and its output where several are drawn. */
export function nameOf(group: readonly string[], output: string, outputs: number): string {
  const words = group.map((value) => WORDS.get(value) ?? value);
  return [...words, ...(outputs > 1 || words.length === 0 ? [output] : [])].join(' ');
}
