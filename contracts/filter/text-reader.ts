import { shown } from '../text/shown.ts';
import { guessCause } from './text-guesses.ts';
import { type Token, tokenAt } from './text-tokens.ts';

/** Where the reading of a text is. Once there is a problem, nothing more is read. */
export interface TextReader {
  readonly text: string;
  token: Token;
  /** The one before. */
  last: Token | null;
  /** The first that was wrong, as the end of a message. */
  problem: string | null;
}

export const createTextReader = (text: string): TextReader => ({
  text,
  token: tokenAt(text, 0),
  last: null,
  problem: null,
});

export function advance(reader: TextReader): Token {
  const { token } = reader;
  reader.last = token;
  reader.token = tokenAt(reader.text, token.end);
  return token;
}

/** Whether the next token is this word, in any case, or this sign. */
export const isNext = ({ token }: TextReader, text: string): boolean =>
  (token.kind === 'word' || token.kind === 'sign') && token.text.toLowerCase() === text;

/** Goes past the word or sign if it is next; returns whether it was. */
export function skip(reader: TextReader, text: string): boolean {
  const isThere = isNext(reader, text);
  if (isThere) advance(reader);
  return isThere;
}

/** Notes that the next token is not what is expected: null, for what could not be read. */
export function fail(reader: TextReader, expected: string): null {
  const { token } = reader;
  const what = token.kind === 'end' ? 'the end of the filter' : shown(token.text);
  return failWith(reader, `expected ${expected}, found ${what}.${guessCause(reader)}`);
}

/** Notes what is wrong at a token, in words of its own. */
export function failWith(reader: TextReader, problem: string, { at } = reader.token): null {
  const place = Array.from(reader.text.slice(0, at)).length + 1;
  reader.problem ??= `at character ${place}: ${problem}`;
  return null;
}
