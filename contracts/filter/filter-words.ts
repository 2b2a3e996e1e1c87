/** Words of the text form, which are no names and no values without quotes. */
const RESERVED = new Set([
  'and',
  'or',
  'not',
  'in',
  'between',
  'contains',
  'starts',
  'ends',
  'with',
  'matches',
  'exists',
]);

/** Words in any case are reserved, as SQL has them in capitals. */
export const isReserved = (word: string): boolean => RESERVED.has(word.toLowerCase());

/** What needs no quotes: letters, digits and a few signs. */
const WORD = /[\p{L}\p{M}\p{N}_.$@/:+-]+/uy;

export const isWord = (text: string): boolean => wordAt(text, 0) === text && text !== '';

/** Returns the word at a place of a text, empty where there is none. */
export function wordAt(text: string, at: number): string {
  WORD.lastIndex = at;
  return WORD.exec(text)?.[0] ?? '';
}

/** Returns whether a word may be a property: it begins like a name. */
export const isName = (word: string): boolean => /^[\p{L}_$@]/u.test(word) && !isReserved(word);

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Returns the number that a word is, as JSON writes numbers; null for another word, Infinity for one that no double holds. */
export const numberOf = (word: string): number | null => (NUMBER.test(word) ? Number(word) + 0 : null);
