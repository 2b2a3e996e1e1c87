/** One piece of an expression; `at` is its place in UTF-16 units. */
export interface Token {
  /** `quoted`: without its quotes; `duration`: a number with a unit; `unread`: what is none of these. */
  kind: 'name' | 'quoted' | 'number' | 'duration' | 'sign' | 'unread' | 'end';
  text: string;
  at: number;
  /** Where the next may begin. */
  end: number;
}

const SPACE = /\s*/uy;
const QUOTED = /"(?:[^"\\]|\\.)*"/suy;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
/** A number and what is written at it without space: a unit, or what makes it unreadable. */
const NUMBER = /(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![\p{L}\p{N}_]))?[\p{L}\p{N}_]*/uy;
const PLAIN_NUMBER = /^[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const SIGN = /[-+*/(),.×÷·−–]/uy;

/** Signs that are read as others: those of a text processor. */
const SAME = new Map([
  ['×', '*'],
  ['·', '*'],
  ['÷', '/'],
  ['−', '-'],
  ['–', '-'],
]);

/** Returns the token at or after a place. */
export function tokenAt(text: string, place: number): Token {
  const at = place + matchAt(SPACE, text, place).length;
  if (at >= text.length) return { kind: 'end', text: '', at, end: at };
  const token = (kind: Token['kind'], written: string, said = written): Token => ({
    kind,
    text: said,
    at,
    end: at + written.length,
  });
  const name = matchAt(NAME, text, at);
  if (name !== '') return token('name', name);
  const number = matchAt(NUMBER, text, at);
  if (number !== '') {
    const isNumber = PLAIN_NUMBER.test(number) && Number.isFinite(Number(number));
    return token(isNumber ? 'number' : /^[0-9]+[a-z]+$/.test(number) ? 'duration' : 'unread', number);
  }
  const sign = matchAt(SIGN, text, at);
  if (sign !== '') return token('sign', sign, SAME.get(sign) ?? sign);
  const quoted = matchAt(QUOTED, text, at);
  const said = quoted === '' ? null : readQuoted(quoted);
  if (said !== null) return token('quoted', quoted, said);
  return token('unread', quoted === '' ? String.fromCodePoint(text.codePointAt(at)!) : quoted);
}

/** Null for what JSON does not read. */
function readQuoted(quoted: string): string | null {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function matchAt(expression: RegExp, text: string, at: number): string {
  expression.lastIndex = at;
  return expression.exec(text)?.[0] ?? '';
}
