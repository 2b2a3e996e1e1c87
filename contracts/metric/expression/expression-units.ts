import { type Fault, ok, type Result, refuse, shown } from '../../errors.ts';
import type { Expression, MetricPart } from './expression.ts';

/** `number`: of a constant, which goes with any; `ratio`: of equal units, divided; `unknown`: no unit was given. */
export type Unit =
  | { readonly kind: 'number' | 'ratio' | 'unknown' }
  | { readonly kind: 'known'; readonly text: string };

const UNKNOWN: Unit = { kind: 'unknown' };
const RATIO: Unit = { kind: 'ratio' };

/** Characters of a definition's unit. */
const MAX_UNIT = 40;

/**
 * Returns the unit of an expression from those of its parts. What is added, subtracted or chosen from has one unit, else this is
 * refused; quotients and products of two units are written as such; a number as a factor may convert, so the unit is not known.
 */
export function unitOf(expression: Expression, unitOfPart: (part: MetricPart) => Unit): Result<Unit> {
  switch (expression.kind) {
    case 'metric':
      return ok(unitOfPart(expression));
    case 'number':
      return ok({ kind: 'number' });
    case 'negate':
    case 'previous':
      return unitOf(expression.of, unitOfPart);
    case 'call':
      return same(expression.args, unitOfPart);
    case 'binary': {
      const { op, left, right } = expression;
      if (op === '+' || op === '-') return same([left, right], unitOfPart);
      const [first, second] = [unitOf(left, unitOfPart), unitOf(right, unitOfPart)];
      if (!first.ok) return first;
      return second.ok
        ? ok(op === '*' ? product(first.value, second.value) : quotient(first.value, second.value))
        : second;
    }
  }
}

/** The unit that a definition gives. */
export const givenUnit = (text: string): Unit => (text === '' ? UNKNOWN : { kind: 'known', text });

export const unitText = (unit: Unit): string => (unit.kind === 'known' ? unit.text : '');

function same(operands: readonly Expression[], unitOfPart: (part: MetricPart) => Unit): Result<Unit> {
  let unit: Unit = { kind: 'number' };
  for (const operand of operands) {
    const next = unitOf(operand, unitOfPart);
    if (!next.ok) return next;
    const both = one(unit, next.value);
    if (both === null) return mismatch(unit, next.value);
    unit = both;
  }
  return ok(unit);
}

/** Null where they differ. */
function one(a: Unit, b: Unit): Unit | null {
  if (a.kind === 'number') return b;
  if (b.kind === 'number') return a;
  if (a.kind === 'unknown' || b.kind === 'unknown') return UNKNOWN;
  return a.kind === b.kind && unitText(a) === unitText(b) ? a : null;
}

function mismatch(a: Unit, b: Unit): { ok: false; fault: Fault } {
  const name = (unit: Unit) => (unit.kind === 'ratio' ? 'a ratio' : shown(unitText(unit)));
  return refuse(
    'unit_mismatch',
    `expression: ${name(a)} and ${name(b)} are added, subtracted or compared. Convert one of them, and give the definition a unit of its own, which is not judged.`,
    'expression',
  );
}

function quotient(a: Unit, b: Unit): Unit {
  if (a.kind === 'number' && b.kind === 'number') return a;
  if (b.kind === 'ratio') return a.kind === 'number' ? RATIO : a;
  if (a.kind !== 'known' || b.kind !== 'known') return UNKNOWN;
  return a.text === b.text ? RATIO : joined(a.text, '/', b.text);
}

function product(a: Unit, b: Unit): Unit {
  if (a.kind === 'number' && b.kind === 'number') return a;
  if (a.kind === 'ratio' && b.kind !== 'number') return b;
  if (b.kind === 'ratio' && a.kind !== 'number') return a;
  if (a.kind !== 'known' || b.kind !== 'known') return UNKNOWN;
  return joined(a.text, '·', b.text);
}

function joined(a: string, sign: string, b: string): Unit {
  const text = `${a}${sign}${b}`;
  return text.length > MAX_UNIT || /[/·]/.test(b) ? UNKNOWN : { kind: 'known', text };
}
