import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { funnel } from '#aggregates/funnels/funnel.ts';
import { progressOf } from '#aggregates/funnels/key-progress.ts';
import { naiveChains } from '#aggregates/funnels/testing/naive-chains.ts';
import { parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { type Contribution, comparePoints, type SequencePoint } from '#contracts/metric/sequence.ts';
import { neededPoints, type SequenceRules } from './sequence-rules.ts';
import { Sequences } from './sequences.ts';

const T0 = 1_700_000_000_000;
const SPAN = 90_000;
const LATENESS = 20_000;

function rulesOf(text: string): SequenceRules {
  const read = parseAggregate(text);
  if (!read.ok) throw new Error(read.fault.message);
  return { form: funnel.sequence!, call: read.value, hold: SPAN, pane: 1_000, lateness: LATENESS };
}
const RULES = rulesOf('funnel(90s, a = 1, b = 1, c = 1)');

/** Events that arrive in any order, often at the same time, some of them further apart than the span. */
const sent = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b'),
    ts: fc.oneof(
      fc.integer({ min: T0, max: T0 + 8 }),
      fc.integer({ min: T0, max: T0 + 200_000 }),
      fc.integer({ min: T0, max: T0 + 8_000_000 }),
    ),
    value: fc.integer({ min: 1, max: 7 }),
  }),
  { maxLength: 40 },
);
type Sent = typeof sent extends fc.Arbitrary<infer T> ? T : never;

/** What the points of a Store give to go on from. */
function restore(counted: ReadonlyMap<string, SequencePoint[]>, watermark: number | null): Sequences {
  const sequences = new Sequences(RULES);
  const { from, open } = neededPoints(RULES, watermark);
  for (const [key, points] of counted) {
    const kept = points.filter(({ ts }) => ts >= from).sort(comparePoints);
    const needed = kept.filter((_, i) => (kept[i + 1]?.ts ?? Infinity) >= open);
    for (const point of needed.reverse()) sequences.restore(key, point);
  }
  return sequences;
}

/** Takes events one by one, each a block, with restarts before some; returns those that were on time, and the best that was told at each time. */
function run(all: Sent, restarts: ReadonlySet<number>) {
  const best = new Map<string, number>();
  const counted = new Map<string, SequencePoint[]>();
  let watermark: number | null = null;
  let sequences = new Sequences(RULES);
  for (const [offset, { key, ts, value }] of all.entries()) {
    if (restarts.has(offset)) sequences = restore(counted, watermark);
    if (watermark === null || ts + LATENESS > watermark) {
      const point = { ts, offset, index: 0, value };
      const changes: Contribution[] = sequences.add({ name: key, key }, point, watermark)!;
      // Its group has a place in its own pane.
      expect(changes[0]!.ts).toBe(ts);
      for (const change of changes) {
        const [, , progress = 0] = change.value as readonly number[];
        expect(change.ts + SPAN + LATENESS).toBeGreaterThan(watermark ?? -Infinity);
        if (progress > 0)
          best.set(`${key} ${change.ts}`, Math.max(best.get(`${key} ${change.ts}`) ?? 0, progress));
      }
      counted.set(key, [...(counted.get(key) ?? []), point]);
    }
    watermark = Math.max(watermark ?? ts, ts);
    Array.from(sequences.sweeping(watermark));
  }
  return { best, counted };
}

describe('sequences of funnels', () => {
  it('tell what the sorted sequence does, in whatever order events come, with a restart anywhere', () => {
    fc.assert(
      fc.property(sent, fc.uniqueArray(fc.nat(40), { maxLength: 4 }), (all, restarts) => {
        const { best, counted } = run(all, new Set(restarts));
        const wanted = [...counted].flatMap(([key, points]) =>
          [...naiveChains(points, { steps: 3, span: SPAN })].map(
            ([ts, { step, time }]) => [`${key} ${ts}`, progressOf(step, time)] as const,
          ),
        );
        expect(best).toEqual(new Map(wanted));
      }),
      { numRuns: 3_000 },
    );
  });

  it('name the panes that an event may change beside its own', () => {
    fc.assert(
      fc.property(sent, (all) => {
        const sequences = new Sequences(RULES);
        for (const [offset, { key, ts, value }] of all.entries()) {
          const touched = new Set([ts, ...sequences.touched(key, ts)]);
          for (const change of sequences.add({ name: key, key }, { ts, offset, index: 0, value }, null)!)
            expect(touched).toContain(change.ts);
        }
      }),
    );
  });

  it('take a bounded number of events of one key, each of which changes an entry once a step', () => {
    const sequences = new Sequences(RULES);
    let [changes, taken] = [0, 0];
    // All entries first and then the last steps, and all of it once more, within two minutes.
    for (let i = 0; i < 40_000; i++) {
      const value = [1, 2, 4, 2][Math.floor(i / 2_500) % 4]!;
      const point = { ts: T0 + i * 3, offset: i, index: 0, value };
      const told = sequences.add({ name: 'k', key: 'k' }, point, T0 + i * 3);
      changes += told?.length ?? 0;
      taken += told === null ? 0 : 1;
      Array.from(sequences.sweeping(T0 + i * 3));
    }
    expect(taken).toBeLessThanOrEqual(300);
    expect(sequences.size).toBe(taken);
    // In order no entry comes to a step twice: a place for each event, and three steps.
    expect(changes).toBeLessThanOrEqual(taken * 4);
    Array.from(sequences.sweeping(T0 + 40_000 * 3 + 7_200_000));
    expect(sequences.size).toBe(0);
  });
});
