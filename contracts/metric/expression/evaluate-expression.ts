import type { Call, ExpressionOf, Operator } from './expression.ts';

type Value = number | null;

/**
 * Returns the value of an expression; null for none: where a part has none, after a division by zero, and beyond every double.
 * `valueIn` gives the values of the leaves. `previous` is no longer in it: its leaves know how much earlier they are.
 */
export function evaluate<Leaf extends { readonly kind: 'leaf' }>(
  expression: ExpressionOf<Leaf>,
  valueIn: (leaf: Leaf) => Value,
): Value {
  switch (expression.kind) {
    case 'leaf':
      return known(valueIn(expression));
    case 'number':
      return expression.value;
    case 'negate': {
      const value = evaluate(expression.of, valueIn);
      return value === null ? null : 0 - value;
    }
    case 'binary': {
      const left = evaluate(expression.left, valueIn);
      const right = left === null ? null : evaluate(expression.right, valueIn);
      return left === null || right === null ? null : combine(expression.op, left, right);
    }
    case 'call':
      return call(
        expression.name,
        expression.args.map((arg) => evaluate(arg, valueIn)),
      );
    case 'previous':
      return evaluate(expression.of, valueIn);
  }
}

function combine(op: Operator, left: number, right: number): Value {
  if (op === '+') return known(left + right);
  if (op === '-') return known(left - right);
  if (op === '*') return known(left * right);
  return right === 0 ? null : known(left / right);
}

function call(name: Call, values: readonly Value[]): Value {
  if (name === 'coalesce') return values.find((value) => value !== null) ?? null;
  if (values.includes(null)) return null;
  const numbers = values as readonly number[];
  if (name === 'abs') return Math.abs(numbers[0]!);
  return name === 'min' ? Math.min(...numbers) : Math.max(...numbers);
}

/** Without what is no number of the protocol: beyond every double, and -0. */
const known = (value: Value): Value => (value === null || !Number.isFinite(value) ? null : value + 0);
