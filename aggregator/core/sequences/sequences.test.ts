import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNTER } from '#aggregates/sums/counter.ts';
import {
  type Contributed,
  comparePoints,
  type SequenceForm,
  type SequencePoint,
} from '#contracts/metric/sequence.ts';
import { neededPoints } from './sequence-rules.ts';
import { Sequences } from './sequences.ts';

const T0 = 1_700_000_000_000;
const HOLD = 90_000;
const LATENESS = 20_000;

const CALL = { name: 'increase', field: 'n', args: [], spans: [HOLD] };
const rules = (form: SequenceForm = COUNTER) => ({ form, call: CALL, hold: HOLD, lateness: LATENESS });
const named = (name: string) => ({ name, key: name });

const add = (sums: Map<number, number>, ts: number, value: number) =>
  sums.set(ts, (sums.get(ts) ?? 0) + value);

/** What a counter rose by at each time, by the definition. */
function gainsOf(points: readonly SequencePoint[]): Map<number, number> {
  const sorted = points.toSorted(comparePoints);
  const gains = new Map<number, number>();
  for (const [i, { ts, value }] of sorted.entries()) {
    const before = sorted[i - 1];
    const isFirst = before === undefined || ts - before.ts > HOLD;
    add(gains, ts, isFirst ? 0 : value >= before.value ? value - before.value : value);
  }
  return gains;
}

/** Reaches back: of each point how many come after it, and how many within the hold are there in all, so that two sums are kept. */
const FOLLOWERS: SequenceForm = {
  ...COUNTER,
  whole: ({ spans: [hold = 0] = [] }) => hold,
  reach: ({ spans: [hold = 0] = [] }) => hold,
  insert(points, place, { hold }) {
    const { ts } = points[place]!;
    const before = points.slice(0, place).filter((point) => ts - point.ts <= hold);
    const after = points.slice(place + 1).filter((point) => point.ts - ts <= hold);
    return [{ ts, value: [after.length, 1] }, ...before.map((point) => ({ ts: point.ts, value: [1, 0] }))];
  },
  touched: (points, place, { hold, ts }) =>
    points.slice(0, place).flatMap((point) => (ts - point.ts <= hold ? [point.ts] : [])),
};

function followersOf(points: readonly SequencePoint[]): Map<number, number> {
  const sorted = points.toSorted(comparePoints);
  const sums = new Map<number, number>();
  for (const [i, { ts }] of sorted.entries())
    add(sums, ts, sorted.slice(i + 1).filter((after) => after.ts - ts <= HOLD).length + 1);
  return sums;
}

const FORMS = [
  { name: 'counters', form: COUNTER, sorted: gainsOf },
  { name: 'a form that reaches back', form: FOLLOWERS, sorted: followersOf },
];

/** The sum of all that a contribution has. */
const amountOf = (value: Contributed): number =>
  typeof value === 'number' ? value : value.reduce((sum, one) => sum + one, 0);

interface Sent {
  name: string;
  ts: number;
  value: number;
}

/** Events that arrive in any order, often at the same time, some of them more than a minute and an hour apart. */
const sent = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b'),
    ts: fc.oneof(
      fc.integer({ min: T0, max: T0 + 8 }),
      fc.integer({ min: T0, max: T0 + 200_000 }),
      fc.integer({ min: T0, max: T0 + 8_000_000 }),
    ),
    value: fc.nat(50),
  }),
  { maxLength: 40 },
);

/** Takes events one by one, each a block; returns those that were on time, with what all contributed. */
function run(
  all: readonly Sent[],
  form: SequenceForm,
  each: (offset: number) => Sequences | null = () => null,
) {
  const gains = new Map<string, number>();
  const counted = new Map<string, SequencePoint[]>();
  let watermark: number | null = null;
  let current = new Sequences(rules(form));
  for (const [offset, { name, ts, value }] of all.entries()) {
    current = each(offset) ?? current;
    if (watermark === null || ts + LATENESS > watermark) {
      const point = { ts, offset, index: 0, value };
      for (const { ts: at, value: gain } of current.add(named(name), point, watermark) ?? []) {
        // A pane of that time cannot be final.
        expect(at + LATENESS + form.reach(CALL)).toBeGreaterThan(watermark ?? -Infinity);
        gains.set(`${name} ${at}`, (gains.get(`${name} ${at}`) ?? 0) + amountOf(gain));
      }
      counted.set(name, [...(counted.get(name) ?? []), point]);
    }
    watermark = Math.max(watermark ?? ts, ts);
    Array.from(current.sweeping(watermark));
  }
  return { gains, counted, watermark, current };
}

function expectSorted(
  { gains, counted }: Pick<ReturnType<typeof run>, 'gains' | 'counted'>,
  sorted: (typeof FORMS)[number]['sorted'],
): void {
  const wanted = [...counted].flatMap(([name, points]) =>
    [...sorted(points)].map(([ts, gain]) => [`${name} ${ts}`, gain] as const),
  );
  expect(gains).toEqual(new Map(wanted));
}

describe.each(FORMS)('sequences of $name', ({ form, sorted }) => {
  it('contribute what the sorted sequence does, in whatever order events come', () => {
    fc.assert(
      fc.property(sent, (all) => expectSorted(run(all, form), sorted)),
      { numRuns: 3_000 },
    );
  });

  it('go on after a restart from the points that the Store gives, wherever it comes', () => {
    fc.assert(
      fc.property(sent, fc.nat(40), (all, at) => {
        const before = run(all.slice(0, at), form);
        const restart = (): Sequences => {
          const restored = new Sequences(rules(form));
          const { from, open } = neededPoints(rules(form), before.watermark);
          for (const [name, points] of before.counted) {
            const kept = points.filter(({ ts }) => ts >= from).sort(comparePoints);
            const needed = kept.filter((_, i) => (kept[i + 1]?.ts ?? Infinity) >= open);
            for (const point of needed.reverse()) restored.restore(name, point);
          }
          return restored;
        };
        expectSorted(
          run(all, form, (offset) => (offset === at ? restart() : null)),
          sorted,
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it('name the panes that an event may change beside its own', () => {
    fc.assert(
      fc.property(sent, (all) => {
        const sequences = new Sequences(rules(form));
        for (const [offset, { name, ts, value }] of all.entries()) {
          const touched = new Set([ts, ...sequences.touched(name, ts)]);
          const changes = sequences.add(named(name), { ts, offset, index: 0, value }, null)!;
          for (const change of changes) expect(touched).toContain(change.ts);
        }
      }),
    );
  });
});

describe('sequences of counters', () => {
  it('keep of each sequence what can still get another neighbour, and nothing of those that are over', () => {
    const sequences = new Sequences(rules());
    for (let i = 0; i < 5_000; i++) {
      const ts = T0 + i * 1_000;
      sequences.add(named(`key ${i % 10}`), { ts, offset: i, index: 0, value: i }, ts);
      Array.from(sequences.sweeping(ts));
    }
    // Two minutes of events at most, and the last point before of each key.
    expect(sequences.size).toBeLessThanOrEqual(130);
    Array.from(sequences.sweeping(T0 + 5_000_000 + 7_200_000));
    expect(sequences.size).toBe(0);
  });

  it('count the first events of a minute and the first sequences of an hour', () => {
    const form = { ...COUNTER, bounds: { sequences: 2, points: 3 } };
    const sequences = new Sequences(rules(form));
    const hour = Math.ceil(T0 / 3_600_000) * 3_600_000;
    let offset = 0;
    const isAdded = (name: string, ts: number, watermark = T0) =>
      sequences.add(named(name), { ts, offset: offset++, index: 0, value: offset }, watermark) !== null;
    expect(['a', 'b', 'c', 'a'].map((name) => isAdded(name, hour))).toEqual([true, true, false, true]);
    expect([1, 2, 3].map((ms) => isAdded('a', hour + ms))).toEqual([true, false, false]);
    expect(isAdded('a', hour + 60_000)).toBe(true);
    // Each hour for itself.
    expect(['c', 'a', 'b'].map((name) => isAdded(name, hour + 3_600_000))).toEqual([true, true, false]);
    // An hour that is over is forgotten, with the sequences in it.
    Array.from(sequences.sweeping(hour + 9 * 3_600_000));
    expect(['d', 'e', 'f'].map((name) => isAdded(name, hour + 9 * 3_600_000, hour + 9 * 3_600_000))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('change the pane of the next sample alone beside their own', () => {
    const sequences = new Sequences(rules());
    for (const [offset, ts] of [T0, T0 + 5_000, T0 + 9_000].entries())
      sequences.add(named('a'), { ts, offset, index: 0, value: 1 }, null);
    expect(sequences.touched('a', T0 + 1)).toEqual([T0 + 5_000]);
    expect(sequences.touched('a', T0 + 5_000)).toEqual([T0 + 9_000]);
    expect(sequences.touched('a', T0 + 9_000)).toEqual([]);
    expect(sequences.touched('b', T0)).toEqual([]);
  });
});
