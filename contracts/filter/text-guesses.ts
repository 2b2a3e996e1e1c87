import { isReserved } from './filter-words.ts';
import type { Token } from './text-tokens.ts';

/** What other languages write, and what to write here. */
const SIGNS: Readonly<Record<string, string>> = {
  '==': 'Equality is written with one "=".',
  '===': 'Equality is written with one "=".',
  '!==': 'Write "!=".',
  '<>': 'Write "!=".',
  '=>': 'Write ">=".',
  '=<': 'Write "<=".',
  '&': 'Write "and".',
  '&&': 'Write "and".',
  '|': 'Write "or".',
  '||': 'Write "or".',
  '!': 'Write "not".',
  '~': 'A regular expression is written as: property matches "…".',
  '=~': 'A regular expression is written as: property matches "…".',
  '!~': 'Write: not property matches "…".',
};

const WORDS: Readonly<Record<string, string>> = {
  like: 'There is no LIKE: use contains, starts with, ends with or matches.',
  ilike: 'There is no ILIKE: use matches "(?i)…".',
  regexp: 'Use matches.',
  rlike: 'Use matches.',
  is: 'Write "property exists", "not property exists" or "property = null".',
  has: 'Use contains.',
  includes: 'Use contains.',
  startswith: 'Write "starts with".',
  endswith: 'Write "ends with".',
  eq: 'Write "=".',
  ne: 'Write "!=".',
  gt: 'Write ">".',
  gte: 'Write ">=".',
  lt: 'Write "<".',
  lte: 'Write "<=".',
  where: 'A filter begins with its first condition, without WHERE.',
};

const UNREAD: Readonly<Record<string, string>> = {
  "'": 'Texts are quoted with double quotes: "…".',
  '`': 'Names are quoted with double quotes: "…".',
  '’': 'Texts are quoted with double quotes: "…".',
  '“': 'Texts are quoted with straight double quotes: "…".',
  '”': 'Texts are quoted with straight double quotes: "…".',
  '"': 'The quote is not closed.',
  '{': 'Either all of it is JSON, or none.',
  '[': 'A list is written in parentheses: property in (a, b).',
  '%': 'Quote texts with other signs than letters, digits and _.$@/:+-',
};

/** Returns a sentence, after a space, on why a text probably stops where it does; empty where there is no guess. */
export function guessCause({ token, last }: { token: Token; last: Token | null }): string {
  const guess = guessAt(token) ?? guessAfter(token, last);
  return guess === undefined ? '' : ` ${guess}`;
}

function guessAt({ kind, text }: Token): string | undefined {
  if (kind === 'sign') return own(SIGNS, text);
  if (kind === 'word') return own(WORDS, text.toLowerCase());
  if (kind !== 'unread') return undefined;
  if (text.length > 1 && text.startsWith('"')) return 'What is quoted must be a text as JSON writes it.';
  return own(UNREAD, text);
}

function guessAfter(token: Token, last: Token | null): string | undefined {
  const isValueMissing = token.kind === 'word' && isReserved(token.text) && last?.kind === 'sign';
  if (isValueMissing) return `If ${token.text} is meant as a value, quote it.`;
  if (last === null || last.kind === 'sign' || last.kind === 'unread') return undefined;
  if (token.kind === 'word' || token.kind === 'quoted')
    return 'A value or name of several words is quoted: "…".';
  return undefined;
}

const own = (of: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined;
