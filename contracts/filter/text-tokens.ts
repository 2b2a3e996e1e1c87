import { wordAt } from './filter-words.ts';

/** One piece of the text form; `at` is its place in UTF-16 units. */
export interface Token {
  /** `word`: without quotes; `quoted`: with them; `sign`: an operator or a parenthesis; `unread`: what is none of these. */
  kind: 'word' | 'quoted' | 'sign' | 'unread' | 'end';
  /** As it is written; of what was quoted, what it says. */
  text: string;
  at: number;
  /** Where the next may begin. */
  end: number;
}

const SPACE = /\s*/uy;
const QUOTED = /"(?:[^"\\]|\\.)*"/suy;
/** Runs of signs are one token, so that `==` and `&&` are told as what they are. */
const SIGN = /[(),]|[=!<>&|~]+/uy;

/** Returns the token at or after a place. */
export function tokenAt(text: string, place: number): Token {
  const at = place + matchAt(SPACE, text, place).length;
  if (at >= text.length) return { kind: 'end', text: '', at, end: at };
  const word = wordAt(text, at);
  if (word !== '') return { kind: 'word', text: word, at, end: at + word.length };
  const sign = matchAt(SIGN, text, at);
  if (sign !== '') return { kind: 'sign', text: sign, at, end: at + sign.length };
  const quoted = matchAt(QUOTED, text, at);
  const said = quoted === '' ? null : readQuoted(quoted);
  if (said !== null) return { kind: 'quoted', text: said, at, end: at + quoted.length };
  const char = quoted === '' ? String.fromCodePoint(text.codePointAt(at)!) : quoted;
  return { kind: 'unread', text: char, at, end: at + char.length };
}

/** Null for what JSON does not read, and for half of a surrogate pair, which no event can hold. */
function readQuoted(quoted: string): string | null {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' && value.isWellFormed() ? value : null;
  } catch {
    return null;
  }
}

function matchAt(expression: RegExp, text: string, at: number): string {
  expression.lastIndex = at;
  return expression.exec(text)?.[0] ?? '';
}
