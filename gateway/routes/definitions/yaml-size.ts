import { Lexer } from 'yaml';
import { type Fault, refuse } from '#contracts/errors.ts';

/** Lexical parts of one text: a board of 100 panels with filters has 17,000. The parser takes 1 to 2 µs for each. */
const MAX_PARTS = 20_000;
/** Brackets and braces that may be open at once. */
const MAX_DEPTH = 16;
/** Tags, anchors and aliases: names for parts of the text, which few definitions have any of. */
const MAX_NAMED = 200;

/**
 * Why a YAML text would cost more to parse than a definition may; null where it would not. The lexer is lazy and forgets
 * what it has said, so that the look ends where the text is too large, however much of it is left.
 */
export function checkYamlSize(text: string): Fault | null {
  let parts = 0;
  let depth = 0;
  let named = 0;
  for (const part of new Lexer().lex(text)) {
    const mark = part[0];
    if (++parts > MAX_PARTS) return tooLarge(`more than ${MAX_PARTS} words and signs`);
    if (mark === '[' || mark === '{') depth++;
    else if (mark === ']' || mark === '}') depth--;
    else if (mark === '!' || mark === '&' || mark === '*') named++;
    if (depth > MAX_DEPTH) return tooLarge(`brackets nested more than ${MAX_DEPTH} levels deep`);
    if (named > MAX_NAMED) return tooLarge(`more than ${MAX_NAMED} tags, anchors and aliases`);
  }
  return null;
}

const tooLarge = (what: string): Fault =>
  refuse('invalid_definition', `The body has ${what}. Send a definition of that size as JSON.`).fault;
