import { MISSING, OTHER } from '#contracts/metric/dimension.ts';

/** No object: `constructor` is a value that somebody may send. */
const WORDS: ReadonlyMap<string, string> = new Map([
  [MISSING, 'none'],
  [OTHER, 'other'],
  ['', 'empty text'],
]);

/** Whether a dimension's value is said in words of ours, since it is none that was sent. */
export const isWord = (value: string): boolean => WORDS.has(value);

/** A dimension's value as a list shows it. */
export const wordOf = (value: string): string => WORDS.get(value) ?? value;
