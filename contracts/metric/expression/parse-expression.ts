import { ok, type Result, refuse, shown } from '../../errors.ts';
import { DURATION, durationOf } from '../../text/duration.ts';
import { CALLS, type Call, type Expression, MAX_EXPRESSION, MAX_NESTING } from './expression.ts';
import { type Token, tokenAt } from './expression-tokens.ts';

/** Where the reading of a text is. Once there is a problem, nothing more is read. */
interface Reader {
  readonly text: string;
  token: Token;
  last: Token | null;
  /** Parentheses, calls and signs that are open. */
  depth: number;
  problem: string | null;
}

const ONE = 'a metric, a number or "("';

/**
 * Reads an expression such as `errors / requests * 100` or `latency.p99 - previous(latency.p99, 1d)`: recursive descent over
 * two levels of operators. Names are letters, digits and `_`, so that `a-b` is a difference; an id with `-` or `.` is quoted.
 * `stored`: it was accepted before, and its canonical text may be longer.
 */
export function parseExpression(text: string, { stored = false } = {}): Result<Expression> {
  const refused = (problem: string) => refuse('invalid_expression', `expression: ${problem}`, 'expression');
  if (!stored && text.length > MAX_EXPRESSION)
    return refused(`expected at most ${MAX_EXPRESSION} characters, got ${text.length}.`);
  const reader: Reader = { text, token: tokenAt(text, 0), last: null, depth: 0, problem: null };
  const expression = readSum(reader);
  if (expression !== null && reader.token.kind !== 'end') fail(reader, 'an operator or the end');
  if (expression === null || reader.problem !== null) return refused(reader.problem ?? 'unreadable.');
  return ok(expression);
}

/** Reads `a + b - c`. */
function readSum(reader: Reader): Expression | null {
  return readChain(reader, ['+', '-'], () => readChain(reader, ['*', '/'], () => readSigned(reader)));
}

function readChain(
  reader: Reader,
  ops: readonly ('+' | '-' | '*' | '/')[],
  readNext: () => Expression | null,
): Expression | null {
  let left = readNext();
  for (;;) {
    const op = ops.find((one) => isSign(reader, one));
    if (left === null || op === undefined) return left;
    advance(reader);
    const right = readNext();
    if (right === null) return null;
    left = { kind: 'binary', op, left, right };
  }
}

function readSigned(reader: Reader): Expression | null {
  if (!skip(reader, '-')) return readOne(reader);
  const of = within(reader, () => readSigned(reader));
  return of === null ? null : { kind: 'negate', of };
}

function readOne(reader: Reader): Expression | null {
  const { token } = reader;
  if (skip(reader, '(')) {
    const inner = within(reader, () => readSum(reader));
    return inner === null || !expectSign(reader, ')') ? null : inner;
  }
  if (token.kind === 'number') {
    advance(reader);
    return { kind: 'number', value: Number(token.text) };
  }
  if (token.kind !== 'name' && token.kind !== 'quoted') return fail(reader, ONE);
  advance(reader);
  if (token.kind === 'name' && skip(reader, '(')) return within(reader, () => readCall(reader, token));
  return readMetric(reader, token.text);
}

function readMetric(reader: Reader, id: string): Expression | null {
  if (!skip(reader, '.')) return { kind: 'metric', id, output: null };
  const { token } = reader;
  if (token.kind !== 'name' && token.kind !== 'quoted')
    return fail(reader, 'the name of an output, such as p99');
  advance(reader);
  if (isSign(reader, '.')) return fail(reader, 'an operator or the end', QUOTE);
  return { kind: 'metric', id, output: token.text };
}

/** The name and the parenthesis have been read. */
function readCall(reader: Reader, name: Token): Expression | null {
  if (name.text === 'previous') return readPrevious(reader);
  const call = CALLS.find((one) => one === name.text);
  if (call === undefined) {
    const allowed = [...CALLS, 'previous'].join(', ');
    return failAt(reader, name, `expected one of the functions ${allowed}, found ${shown(name.text)}.`);
  }
  const args: Expression[] = [];
  do {
    const arg = readSum(reader);
    if (arg === null) return null;
    args.push(arg);
  } while (skip(reader, ','));
  const problem = countProblem(call, args.length);
  if (problem !== null) return failAt(reader, name, problem);
  return expectSign(reader, ')', 'an operator, "," or ")"') ? { kind: 'call', name: call, args } : null;
}

function countProblem(call: Call, count: number): string | null {
  if (call === 'abs') return count === 1 ? null : `expected one value for abs, found ${count}.`;
  return count > 1 ? null : `expected at least two values for ${call}, found one.`;
}

function readPrevious(reader: Reader): Expression | null {
  const of = readSum(reader);
  if (of === null || !expectSign(reader, ',', 'an operator or "," and a duration')) return null;
  const { token } = reader;
  if (
    token.kind !== 'duration' ||
    !new RegExp(DURATION.pattern).test(token.text) ||
    !DURATION.test(token.text)
  )
    return fail(reader, 'a duration such as 1h or 7d');
  advance(reader);
  return expectSign(reader, ')') ? { kind: 'previous', of, by: durationOf(token.text) } : null;
}

/** Reads what is one level deeper. */
function within(reader: Reader, read: () => Expression | null): Expression | null {
  if (++reader.depth > MAX_NESTING)
    return failAt(reader, reader.token, `expected at most ${MAX_NESTING} levels of parentheses and signs.`);
  const inner = read();
  reader.depth--;
  return inner;
}

function advance(reader: Reader): void {
  reader.last = reader.token;
  reader.token = tokenAt(reader.text, reader.token.end);
}

const isSign = ({ token }: Reader, text: string): boolean => token.kind === 'sign' && token.text === text;

/** Goes past the sign if it is next; returns whether it was. */
function skip(reader: Reader, text: string): boolean {
  const isThere = isSign(reader, text);
  if (isThere) advance(reader);
  return isThere;
}

function expectSign(reader: Reader, text: string, expected = `an operator or "${text}"`): boolean {
  if (skip(reader, text)) return true;
  fail(reader, expected);
  return false;
}

const QUOTE = 'An id with "." or "-" is quoted: "shop.orders".p99.';

/** Notes that the next token is not what is expected. */
function fail(reader: Reader, expected: string, cause = guessCause(reader)): null {
  const { token } = reader;
  const what = token.kind === 'end' ? 'the end of the expression' : shown(token.text);
  const guess = cause === null ? '' : ` ${cause}`;
  return failAt(reader, token, `expected ${expected}, found ${what}.${guess}`);
}

function failAt(reader: Reader, { at }: Token, problem: string): null {
  const place = Array.from(reader.text.slice(0, at)).length + 1;
  reader.problem ??= `at character ${place}: ${problem}`;
  return null;
}

/** Returns a sentence on why a text probably stops where it does; null where there is no guess. */
function guessCause({ token, last }: Reader): string | null {
  if (token.kind === 'unread') {
    if (token.text === '%') return 'A share in per cent is written as a / b * 100.';
    if (token.text === '^') return 'There are no powers: multiply.';
    if (/^["'`“’]/.test(token.text)) return 'Ids are quoted with double quotes: "shop.orders".';
    if (/^[<>=!&|?]/.test(token.text)) return 'An expression computes a number; there are no conditions.';
    if (/^[0-9.]/.test(token.text)) return 'Numbers are written as 100, 0.5 or 1e3.';
    return null;
  }
  if (token.kind === 'sign' && token.text === '*' && last?.text === '*')
    return 'There are no powers: multiply.';
  if (token.kind === 'duration') return 'A duration is the second value of previous(…, 1d).';
  return null;
}
