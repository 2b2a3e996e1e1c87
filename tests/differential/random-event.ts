import type { Random } from '../../embedded/demo/traffic/seeded-random.ts';

/**
 * Values as JSON texts, not as values: what differs between engines is often how a number is spelt. Float sums are
 * compared within a bound, which overflow would make void, so numbers to add stay far from the largest double.
 */
const NUMBERS = [
  '0',
  '-0',
  '-0.0',
  '1',
  '7',
  '1.0',
  '1e3',
  '1E+3',
  '100000e-2',
  '0.1',
  '0.30000000000000004',
];
const SMALL_AND_LARGE = [
  '-2.5',
  '1e-7',
  '-1e-7',
  '5e-324',
  '9007199254740993',
  '123456789012345678901',
  '1e21',
];
const EXTREME = ['1.7976931348623157e308', '-1.7976931348623157e308', '4.9e-324', '2.2250738585072014e-308'];
const WORDS = ['"DE"', '"FR"', '"de"', '""', '" "', '"1"', '"1.0"', '"true"', '"null"', '"__missing__"'];
const ODD_WORDS = [
  '"__other__"',
  '"ключ"',
  '"日本"',
  '"😀"',
  '"e\\u0301"',
  '"é"',
  '"a\\nb"',
  '"\\n\\n; DROP"',
  '"it\'s"',
  '"\\"q\\""',
  '"\\\\"',
  '"{x:String}"',
  '"\\u0000"',
  '"__proto__"',
  '"constructor"',
];
const OTHERS = ['true', 'false', 'null', '[]', '[1,"a"]', '{}', '{"inner":1}', '[{"d":"DE"}]'];
const TOTALS = [...NUMBERS, ...SMALL_AND_LARGE];

const one = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const integer = (random: Random): string => String(Math.floor(random() * 2_000) - 500);
const fraction = (random: Random): string => String((random() - 0.3) * 10 ** Math.floor(random() * 8 - 3));

const number = (random: Random): string =>
  one(random, [integer, fraction, () => one(random, TOTALS)])(random);
const anyValue = (random: Random): string => {
  const share = random();
  if (share < 0.45) return one(random, WORDS);
  if (share < 0.65) return one(random, ODD_WORDS);
  return share < 0.85 ? one(random, TOTALS) : one(random, OTHERS);
};
/** Mostly a number, sometimes of another type: then metrics skip the event. */
const field = (random: Random): string => (random() < 0.9 ? number(random) : anyValue(random));

const maybe = (random: Random, share: number, name: string, value: (random: Random) => string): string[] =>
  random() < share ? [`${JSON.stringify(name)}:${value(random)}`] : [];

/** Names that meet as dotted paths in many ways; some of the events are refused as ambiguous. */
const NAMES = ['a', 'b', 'a.b', 'b.a', '', '.', 'a.', '.a', 'a..b', 'a.b.c', '%', 'A', '$key', '$id'];

function nested(random: Random, depth: number): string {
  const names = new Set(Array.from({ length: 1 + Math.floor(random() * 2) }, () => one(random, NAMES)));
  const inner = (): string =>
    depth < 3 && random() < 0.5 ? nested(random, depth + 1) : one(random, [number, anyValue])(random);
  return `{${[...names].map((name) => `${JSON.stringify(name)}:${inner()}`).join(',')}}`;
}

/** JSON text of an event's properties. */
export function randomProperties(random: Random): string {
  const cart = random();
  const tree = random() < 0.4 ? nested(random, 1).slice(1, -1) : '';
  return `{${[
    ...maybe(random, 0.9, 'd', anyValue),
    ...maybe(random, 0.7, 'shop', () => `"s${Math.floor(random() * 12)}"`),
    ...maybe(random, 0.9, 'x', field),
    ...maybe(random, 0.5, 'y', () => (random() < 0.2 ? one(random, EXTREME) : field(random))),
    ...maybe(random, 0.3, "odd 'name`\\ {x:String}\n", anyValue),
    ...maybe(random, 0.3, '__proto__', field),
    ...maybe(random, 0.3, 'ключ', anyValue),
    ...(cart < 0.4 ? [`"cart":{"total":${field(random)},"__proto__":{"deep":${anyValue(random)}}}`] : []),
    ...(cart > 0.6 ? [`"cart.total":${field(random)}`] : []),
    ...(cart > 0.8 ? [`"cart":${anyValue(random)}`] : []),
    ...(tree === '' ? [] : [tree]),
  ].join(random() < 0.2 ? ' ,\t' : ',')}}`;
}

export const EVENT_NAMES = ['order', 'visit', 'order paid', "o'r\\der", 'заказ', '__proto__'];

/** When events happened, relative to now: mostly lately, some late for every lateness there is, some ahead. */
export function randomAge(random: Random): number {
  const share = random();
  if (share < 0.7) return random() * 6_000;
  if (share < 0.88) return random() * 90_000;
  if (share < 0.95) return random() * 600_000;
  return share < 0.98 ? 3 * 3_600_000 + random() * 60_000 : -random() * 60_000;
}
