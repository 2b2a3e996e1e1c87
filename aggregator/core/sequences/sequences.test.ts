import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNTER } from '#aggregates/sums/counter.ts';
import { comparePoints, type SequencePoint } from '#contracts/metric/sequence.ts';
import { neededPoints } from './sequence-rules.ts';
import { Sequences } from './sequences.ts';
import { add, COUNTERS, FORMS, LATENESS, rules, sessionsOf, type Tried } from './testing/tried-forms.ts';

const T0 = 1_700_000_000_000;
const named = (name: string) => ({ name, key: name });

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

/** Takes events one by one, each a block; returns those that were counted, with what all contributed. */
function run(
  all: readonly Sent[],
  tried: Pick<Tried, 'form' | 'call' | 'paneOf'>,
  each: (offset: number) => Sequences | null = () => null,
) {
  const { form, call, paneOf = (ts) => ts } = tried;
  const gains = new Map<string, number[]>();
  const counted = new Map<string, SequencePoint[]>();
  let watermark: number | null = null;
  let current = new Sequences(rules(tried));
  for (const [offset, { name, ts, value }] of all.entries()) {
    current = each(offset) ?? current;
    if (watermark === null || ts + LATENESS > watermark) {
      const point = { ts, offset, index: 0, value: form.runs === undefined ? value : 1 };
      const changes = current.add(named(name), point, watermark);
      for (const { ts: at, value: sums } of changes ?? []) {
        // A pane of that time cannot be final.
        expect(at + LATENESS + form.reach(call)).toBeGreaterThan(watermark ?? -Infinity);
        add(gains, `${name} ${paneOf(at)}`, typeof sums === 'number' ? [sums] : sums);
      }
      if (changes !== null) counted.set(name, [...(counted.get(name) ?? []), point].sort(comparePoints));
    }
    watermark = Math.max(watermark ?? ts, ts);
    Array.from(current.sweeping(watermark));
  }
  return { gains, counted, watermark, current };
}

/** The same, with a restart before the event at a place that goes on from the points that a Store gives. */
function runRestarted(all: readonly Sent[], tried: Pick<Tried, 'form' | 'call' | 'paneOf'>, at: number) {
  const before = run(all.slice(0, at), tried);
  const { form, call } = tried;
  const restart = (): Sequences => {
    const restored = new Sequences(rules(tried));
    const { from, open } = neededPoints(rules(tried), before.watermark);
    for (const [name, points] of before.counted) {
      const stored = points.filter(({ ts }) => ts >= from);
      const needed =
        form.runs === undefined
          ? stored.filter((_, i) => (stored[i + 1]?.ts ?? Infinity) >= open)
          : form.runs.open(stored, open, call);
      for (const point of needed.toReversed()) restored.restore(name, point);
    }
    return restored;
  };
  return run(all, tried, (offset) => (offset === at ? restart() : null));
}

function expectSorted(
  { gains, counted }: Pick<ReturnType<typeof run>, 'gains' | 'counted'>,
  { sorted }: Tried,
): void {
  const wanted = [...counted].flatMap(([name, points]) =>
    [...sorted(points)].map(([ts, sums]) => [`${name} ${ts}`, sums] as const),
  );
  expect(gains).toEqual(new Map(wanted));
}

describe.each(FORMS)('sequences of $name', (tried) => {
  it('contribute what the sorted sequence does, in whatever order events come', () => {
    fc.assert(
      fc.property(sent, (all) => expectSorted(run(all, tried), tried)),
      { numRuns: 3_000 },
    );
  });

  it('go on after a restart from the points that the Store gives, wherever it comes', () => {
    fc.assert(
      fc.property(sent, fc.nat(40), (all, at) => expectSorted(runRestarted(all, tried, at), tried)),
      { numRuns: 3_000 },
    );
  });

  it('count the same events within the bounds after a restart', () => {
    const { form } = tried;
    const points = form.runs === undefined ? 3 : Number.POSITIVE_INFINITY;
    const bounded = { ...tried, form: { ...form, bounds: { sequences: 1, points } } };
    fc.assert(
      fc.property(sent, fc.nat(40), (all, at) => {
        expect(runRestarted(all, bounded, at).gains).toEqual(run(all, bounded).gains);
      }),
      { numRuns: 1_000 },
    );
  });

  it('name the panes that an event may change beside its own', () => {
    fc.assert(
      fc.property(sent, (all) => {
        const sequences = new Sequences(rules(tried));
        for (const [offset, { name, ts }] of all.entries()) {
          const touched = new Set([ts, ...sequences.touched(name, ts)]);
          const changes = sequences.add(named(name), { ts, offset, index: 0, value: 1 }, null)!;
          for (const change of changes) expect(touched).toContain(change.ts);
        }
      }),
    );
  });
});

describe('sequences of sessions', () => {
  it('keep a point for each session that an event can still join, whatever its events', () => {
    const sequences = new Sequences(rules(sessionsOf(30_000, 86_400_000)));
    let offset = 0;
    // Each key comes back twice a minute for a while, one after the other.
    for (let at = 0; at < 3_600; at++) {
      const ts = T0 + at * 1_000;
      for (const key of [at % 20, 100 + Math.floor(at / 60)])
        sequences.add(named(`key ${key}`), { ts, offset: offset++, index: 0, value: 1 }, ts);
      Array.from(sequences.sweeping(ts));
      // Those that are always there, and those of the last minutes, one of which may not have been swept.
      expect(sequences.size).toBeLessThanOrEqual(20 + 4);
    }
    Array.from(sequences.sweeping(T0 + 9_000_000));
    expect(sequences.size).toBe(0);
  });
});

describe('sequences of counters', () => {
  it('keep of each sequence what can still get another neighbour, and nothing of those that are over', () => {
    const sequences = new Sequences(rules(COUNTERS));
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
    const sequences = new Sequences(rules({ ...COUNTERS, form }));
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
    const sequences = new Sequences(rules(COUNTERS));
    for (const [offset, ts] of [T0, T0 + 5_000, T0 + 9_000].entries())
      sequences.add(named('a'), { ts, offset, index: 0, value: 1 }, null);
    expect(sequences.touched('a', T0 + 1)).toEqual([T0 + 5_000]);
    expect(sequences.touched('a', T0 + 5_000)).toEqual([T0 + 9_000]);
    expect(sequences.touched('a', T0 + 9_000)).toEqual([]);
    expect(sequences.touched('b', T0)).toEqual([]);
  });
});
