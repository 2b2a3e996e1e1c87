/** The value of a metric, or of one of its outputs; null for the only one. */
export interface MetricPart {
  readonly kind: 'metric';
  readonly id: string;
  readonly output: string | null;
}

export type Operator = '+' | '-' | '*' | '/';
export const CALLS = ['min', 'max', 'abs', 'coalesce'] as const;
export type Call = (typeof CALLS)[number];

/**
 * What a derived metric computes, over leaves of some kind. Numbers are not negative: a sign is `negate`. `previous` is the same
 * of the window that is `by` ms earlier.
 */
export type ExpressionOf<Leaf> =
  | Leaf
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'negate'; readonly of: ExpressionOf<Leaf> }
  | {
      readonly kind: 'binary';
      readonly op: Operator;
      readonly left: ExpressionOf<Leaf>;
      readonly right: ExpressionOf<Leaf>;
    }
  | { readonly kind: 'call'; readonly name: Call; readonly args: readonly ExpressionOf<Leaf>[] }
  | { readonly kind: 'previous'; readonly of: ExpressionOf<Leaf>; readonly by: number };

/** An expression as it is written. */
export type Expression = ExpressionOf<MetricPart>;

/** Characters of the text, as it is sent. */
export const MAX_EXPRESSION = 1_000;
/** Parentheses, calls and signs within one another. */
export const MAX_NESTING = 32;

/** Returns the ids of the metrics that an expression names, each once, in the order of the text. */
export function metricsIn(expression: Expression): string[] {
  const ids = new Set<string>();
  const visit = (one: Expression): void => {
    if (one.kind === 'metric') ids.add(one.id);
    else if (one.kind === 'binary') [one.left, one.right].forEach(visit);
    else if (one.kind === 'call') one.args.forEach(visit);
    else if (one.kind !== 'number') visit(one.of);
  };
  visit(expression);
  return [...ids];
}
