import type { ExpressionOf } from '#contracts/metric/expression/expression.ts';
import type { Leaf } from './expand-derived.ts';

/**
 * Returns from where on the values of an expression are known, epoch ms: where the last of its parts begins, of `coalesce` the
 * first. Null where nothing is known; a number alone is known at all times.
 */
export function beginOf(
  expression: ExpressionOf<Leaf>,
  beginsOf: (leaf: Leaf) => number | null,
): number | null {
  const begin = known(expression, beginsOf);
  return begin === ALWAYS ? 0 : begin === NEVER ? null : begin;
}

const [ALWAYS, NEVER] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

function known(expression: ExpressionOf<Leaf>, beginsOf: (leaf: Leaf) => number | null): number {
  switch (expression.kind) {
    case 'leaf':
      return beginsOf(expression) ?? NEVER;
    case 'number':
      return ALWAYS;
    case 'binary':
      return Math.max(known(expression.left, beginsOf), known(expression.right, beginsOf));
    case 'call': {
      const all = expression.args.map((arg) => known(arg, beginsOf));
      return expression.name === 'coalesce' ? Math.min(...all) : Math.max(...all);
    }
    default:
      return known(expression.of, beginsOf);
  }
}
