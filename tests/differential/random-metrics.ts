import type { Aggregate } from '#aggregates/aggregate.ts';
import { callOf, everyAggregate } from '#aggregates/testing/law-inputs.ts';
import { single } from '#contracts/filter/filter.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import { formatAggregate } from '#contracts/metric/aggregate-call.ts';
import { leastPane } from '#contracts/metric/pane.ts';
import { durationOf } from '#contracts/text/duration.ts';
import type { Random } from '../../embedded/demo/traffic/seeded-random.ts';
import { EVENT_NAMES } from './random-event.ts';

const ODD = "odd 'name`\\ {x:String}\n";
const NUMERIC = ['x', 'x', 'x', 'cart.total', '__proto__', 'a.b'];
const PATHS = ['d', 'shop', 'x', 'cart', 'cart.total', 'cart.__proto__.deep', ODD, '__proto__', 'ключ'];
const ENVELOPE = ['$key', '$event', '$id', '$timestamp', '$$key', '$$id'];
const DOTTED = ['a', 'a.b', 'b.a', 'a.b.c', '.a', 'a.', 'a..b', '.', '%', 'none', 'A'];
const WHERE = [
  { d: ['DE', '', 'true', 1, -0] },
  { d: { not: ['FR', null] } },
  { x: { gt: 0 }, d: { not: 'x' } },
  { 'cart.total': { lte: 1e3, gte: -1e-7 } },
  { [ODD]: null },
  { 'a.b': { not: [0, null] } },
  { ключ: ['ключ', '😀', 'a\nb', "it's", '{x:String}', '\\'] },
  JSON.parse('{"__proto__":{"lt":100}}') as object,
  {
    or: [{ d: { startsWith: 'D' } }, { x: { between: [-2.5, 1e3] } }],
    not: { d: 'de', shop: { exists: false } },
  },
  { d: { matches: '(?i)^[dé]|1' }, or: [{ x: { exists: true } }, { 'a.b': { contains: 'e' } }] },
  { not: [{ [ODD]: { endsWith: "'" } }] },
  { or: [{ not: { d: { matches: '^(DE|FR)$' } } }, { and: [{ x: { gte: 7 } }, { x: { not: 42 } }] }] },
  { d: { contains: '😀' } },
  'd != DE and (x > 0 or cart.total between 0 and 1e3) and not d ends with R',
  'cart exists or "a.b" contains 1',
  { $timestamp: { gt: 0 }, $key: ['k1', 'k2', null] },
  '$event matches "^order" or not $id exists or $$key exists',
];

const TIMES = [
  { window: '10s', pane: '1s' },
  { window: '1m', pane: '10s' },
  { window: '2m', pane: '1m' },
];

/** Those of a filter that holds for more or less than everything. */
const CONDITIONS = WHERE.filter((where) => parse(where).length > 0);

function parse(where: unknown) {
  const read = parseWhere(where);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

/**
 * A definition for every aggregate of the registry, by id: the filter, groups, pane and lateness as the seed says. A new
 * aggregate is covered without being named here.
 */
export function randomMetrics(random: Random, round: 'early' | 'late'): Map<string, Record<string, unknown>> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const fieldOf = ({ input, slack }: Aggregate): string => {
    if (input === 'text') return pick([...PATHS, ...ENVELOPE, ...DOTTED]);
    return slack === undefined ? pick([...NUMERIC, 'y']) : pick(NUMERIC);
  };
  const define = (aggregate: Aggregate): Record<string, unknown> => {
    const call = callOf(aggregate);
    const field = call.field === null ? null : fieldOf(aggregate);
    const conditions = call.conditions?.map(() => single(parse(pick(CONDITIONS))));
    const dimension = (): string => pick(random() < 0.5 ? ['d', 'shop'] : [...PATHS, ...ENVELOPE, ...DOTTED]);
    const groupBy = new Set(Array.from({ length: Math.floor(random() * 4) }, dimension));
    return {
      event: pick(['*', '*', 'order', EVENT_NAMES]),
      aggregate: formatAggregate({ ...call, field, ...(conditions === undefined ? {} : { conditions }) }),
      where: random() < 0.5 ? {} : pick(WHERE),
      groupBy: [...groupBy],
      ...pick(TIMES.filter(({ pane }) => durationOf(pane) >= leastPane(call))),
      lateness: pick(['1s', '3s', '1m', '1h', '1h']),
    };
  };
  // One that certainly holds more values than an exact set keeps.
  const crowd = { event: 'order', aggregate: 'distinct(d)', window: '1m', pane: '1m', lateness: '1h' };
  const metrics = new Map<string, Record<string, unknown>>([[`${round}_crowd`, crowd]]);
  for (const [name, aggregate] of everyAggregate()) metrics.set(`${round}_${name}`, define(aggregate));
  return metrics;
}
