import { formatDuration } from '../../text/duration.ts';
import type { Expression } from './expression.ts';

/** How strongly an expression holds together. */
const strengthOf = (expression: Expression): number => {
  if (expression.kind === 'binary') return expression.op === '+' || expression.op === '-' ? 1 : 2;
  return expression.kind === 'negate' ? 3 : 4;
};

/** The canonical text, with no more parentheses than it takes: `parseExpression` reads it back to the same expression. */
export function formatExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'metric': {
      const { id, output } = expression;
      return output === null ? formatName(id) : `${formatName(id)}.${formatName(output)}`;
    }
    case 'negate':
      return `-${inside(expression.of, 3)}`;
    case 'binary': {
      const strength = strengthOf(expression);
      const { op, left, right } = expression;
      return `${inside(left, strength)} ${op} ${inside(right, strength + 1)}`;
    }
    case 'call':
      return `${expression.name}(${expression.args.map(formatExpression).join(', ')})`;
    case 'previous':
      return `previous(${formatExpression(expression.of)}, ${formatDuration(expression.by)})`;
  }
}

/** Within an operator of a strength; what holds together less is in parentheses. */
const inside = (expression: Expression, least: number): string =>
  strengthOf(expression) < least ? `(${formatExpression(expression)})` : formatExpression(expression);

const formatName = (name: string): string =>
  /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : JSON.stringify(name);
