import fc from 'fast-check';
import { CALLS, type Expression } from '../expression.ts';

const id = fc.oneof(
  fc.constantFrom('errors', 'requests', 'latency', 'min', 'previous', 'a_1'),
  fc.constantFrom('shop.2-eu', 'a-b', 'x.y'),
);
const output = fc.option(fc.constantFrom('p50', 'p99_9', 'value', 'le 5', '"'), { nil: null });

/** Expressions of every kind, as the reader makes them. */
export const anyExpression: fc.Arbitrary<Expression> = fc.letrec<{ one: Expression }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record({ kind: fc.constant('metric' as const), id, output }),
    fc.record({
      kind: fc.constant('number' as const),
      value: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    }),
    fc.record({ kind: fc.constant('negate' as const), of: tie('one') }),
    fc.record({
      kind: fc.constant('binary' as const),
      op: fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const),
      left: tie('one'),
      right: tie('one'),
    }),
    fc
      .tuple(fc.constantFrom(...CALLS), fc.array(tie('one'), { minLength: 2, maxLength: 3 }))
      .map(([name, args]) => ({
        kind: 'call' as const,
        name,
        args: name === 'abs' ? args.slice(0, 1) : args,
      })),
    fc.record({
      kind: fc.constant('previous' as const),
      of: tie('one'),
      by: fc.constantFrom(1_000, 60_000, 90_000, 604_800_000),
    }),
  ),
})).one;
