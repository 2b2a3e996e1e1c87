import fc from 'fast-check';
import type { EventPosition } from '#contracts/event/event-position.ts';
import { type AggregateCall, parseAggregate } from '#contracts/metric/aggregate-call.ts';
import type { Contributed } from '#contracts/metric/sequence.ts';
import type { Aggregate, AggregateFamily } from '../aggregate.ts';
import { AGGREGATES } from '../registry.ts';

/** The arguments that are tried: an aggregate takes some of them. */
const ARGUMENTS = [
  '',
  'x',
  'x, 0.5, 0.99',
  'x, 3',
  'x > 0',
  'x > 0, d contains e',
  '1d, 2',
  '2s, 1m',
  '1m, not d contains e, x > 0',
];

function callsOf({ name, check }: AggregateFamily): AggregateCall[] {
  const calls = ARGUMENTS.flatMap((inner) => {
    const call = parseAggregate(`${name}(${inner})`);
    const checked = call.ok ? check(call.value) : call;
    return checked.ok ? [checked.value] : [];
  });
  if (calls.length === 0) throw new Error(`law-inputs.ts does not know a call of ${name}.`);
  return calls;
}

/** The call that an aggregate was made for. */
const CALLS = new WeakMap<Aggregate, AggregateCall>();

/** For the tests that walk the registry: each aggregate by name, those of which each call has one of its own with two calls. */
export const everyAggregate = (): [string, Aggregate][] =>
  [...AGGREGATES].flatMap(([name, family]) => {
    const made = callsOf(family)
      .slice(0, 2)
      .map((call): [AggregateCall, Aggregate] => [call, family.of(call)]);
    const different = made.filter(([, one], i) => one !== made[i - 1]?.[1]);
    for (const [call, one] of different) CALLS.set(one, call);
    return different.map(([, one], i): [string, Aggregate] => [i === 0 ? name : `${name}_${i + 1}`, one]);
  });

/** A valid call of an aggregate: the one that it was made for, where there is such. */
export const callOf = (aggregate: Aggregate): AggregateCall =>
  CALLS.get(aggregate) ?? callsOf(AGGREGATES.get(aggregate.name)!)[0]!;

/** Whole numbers small enough that sums are exact in any order. */
export const wholeNumber = fc.integer({ min: -1e6, max: 1e6 });
export const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, min: -1, max: 1 }),
  fc.constantFrom(0, -0, 1e-7, -1e-7, Number.MIN_VALUE, 1e21, 2 ** 53),
);
/** Close together and far from zero: what subtracting large sums would lose. */
export const farNumber = fc.double({ min: 1e9, max: 1e9 + 10, noNaN: true });
/** Sums and squares of these overflow a double. */
export const hugeNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e290 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, max: -1e140 }),
  fc.constantFrom(1.5e308, -1.5e308, Number.MAX_VALUE, -Number.MAX_VALUE, 1e300, 2 ** 480, 2 ** 900, 3),
);
/** Well-formed text: lone surrogates never pass ingest. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }).map((s) => s.toWellFormed()),
  fc.constantFrom('', 'a', "it's", 'a\nb', '\n\n', '\\', '"', '{x:String}', 'ß', '日本', '😀'),
);

export interface LawInput {
  value: Contributed | string | undefined;
  at: EventPosition;
}

/** What sequences contribute that have several sums, made of a number; those not named here take as much in each. */
const CONTRIBUTED = new Map([
  ['time_weighted', (x: number): number[] => [x, Math.abs(Math.trunc(x % 60_000))]],
]);

/** What an aggregate adds of something: itself as text or number, bits of it, or as much as a sequence contributes. */
export function inputFrom(aggregate: Aggregate, value: number): LawInput['value'] {
  const { name, input, sequence } = aggregate;
  const whole = Math.trunc(value) + 0;
  const contributed = CONTRIBUTED.get(name)?.(value);
  if (contributed !== undefined) return contributed;
  if (sequence?.sums !== undefined) return Array.from({ length: sequence.sums }, () => whole);
  if (addsContributions(aggregate)) return contributionFrom(aggregate, Math.abs(whole));
  return { none: undefined, number: value, text: String(value), conditions: Math.abs(whole) % 4 }[input];
}

/** Whether it adds something else than what events hold; a contribution of numbers is one of those. */
const addsContributions = ({ sequence, input }: Aggregate): boolean =>
  sequence !== undefined && input !== 'number';

/** The last contribution of an event that comes up to a minute after another one of its key. */
function contributionFrom(aggregate: Aggregate, value: number): Contributed {
  const form = aggregate.sequence!;
  const call = callOf(aggregate);
  const points = [
    { ts: 0, offset: 0, index: 0, value: 1 },
    { ts: value % 60_000, offset: 1, index: 0, value: aggregate.input === 'none' ? 1 : 1 + (value % 3) },
  ];
  const scope = { hold: form.hold(call), pane: 1_000, key: `key ${value % 40}`, call };
  return form.insert(points, 1, scope).at(-1)!.value;
}

/** Often the same time, partition and offset, so that every part of a position has to decide. */
const position = fc.record({
  ts: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -1e13, max: 1e13 })),
  part: fc.nat(2),
  offset: fc.oneof(fc.nat(2), fc.maxSafeNat()),
  index: fc.oneof(fc.nat(3), fc.nat(2 ** 31 - 1)),
});

/** Events in any order, no two at one position. */
export function inputsOf(
  aggregate: Aggregate,
  numbers: fc.Arbitrary<number> = wholeNumber,
  maxLength = 60,
): fc.Arbitrary<LawInput[]> {
  const values = {
    none: fc.constant(undefined),
    number: numbers.map((x) => inputFrom(aggregate, x)),
    text: anyText,
    // Of two conditions at most.
    conditions: fc.nat(3),
  };
  const sums = aggregate.sequence?.sums;
  // Such sums are of whole numbers.
  const contributed = fc.array(wholeNumber, { minLength: sums ?? 0, maxLength: sums ?? 0 });
  const ofEvents = addsContributions(aggregate)
    ? fc.nat(1e6).map((n) => contributionFrom(aggregate, n))
    : values[aggregate.input];
  const value = sums === undefined ? ofEvents : contributed;
  return fc.uniqueArray(fc.record<LawInput>({ value, at: position }), {
    maxLength,
    selector: ({ at }) => `${at.ts}/${at.part}/${at.offset}/${at.index}`,
  });
}

export function foldInputs(aggregate: Aggregate, inputs: readonly LawInput[]): unknown {
  const state = aggregate.create();
  for (const { value, at } of inputs) aggregate.add(state, value, at);
  return state;
}
