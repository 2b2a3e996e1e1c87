import { MISSING, OTHER } from '#contracts/dimension.ts';

const WORDS: Record<string, string> = { [MISSING]: 'none', [OTHER]: 'other', '': 'empty text' };

/** Whether a dimension's value is said in words of ours, since it is none that was sent. */
export const isWord = (value: string): boolean => value in WORDS;

/** A dimension's value as a list shows it. */
export const wordOf = (value: string): string => WORDS[value] ?? value;
