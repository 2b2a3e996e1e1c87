import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TopicSpec } from '#contracts/log/topics.ts';
import type { LocalPartition } from './local-partition.ts';
import { planDrops } from './log-retention.ts';

interface Kept {
  time: number;
  bytes: number;
}
const partitionOf = (
  number: number,
  records: Kept[],
  start = 0,
  released: number | null = null,
): LocalPartition => ({
  topic: 'events',
  number,
  state: {
    start,
    end: start + records.length,
    bytes: records.reduce((sum, r) => sum + r.bytes, 0),
    released,
  },
  watchers: new Set(),
});
const spec = (retention: number | null, bytes: number | null): TopicSpec => ({
  name: 'events',
  partitions: 2,
  retention,
  bytes,
});

/** Plans over partitions that hold these records, all starting at offset 10; returns how many are dropped from each. */
function plan(
  limits: TopicSpec,
  partitions: Kept[][],
  now = 0,
  released: (number | null)[] = [],
  limit = 1_000,
): number[] {
  const opened = partitions.map((records, i) => partitionOf(i, records, 10, released[i] ?? null));
  const drops = planDrops(
    limits,
    opened,
    now,
    ({ number }, offset) => partitions[number]![offset - 10]!,
    limit,
  );
  for (const { partition, before, bytes } of drops) {
    const gone = partitions[partition.number]!.slice(0, before - 10);
    expect(bytes).toBe(gone.reduce((sum, r) => sum + r.bytes, 0));
  }
  return partitions.map((_, i) => (drops.find((d) => d.partition.number === i)?.before ?? 10) - 10);
}
const at = (...times: number[]): Kept[] => times.map((time) => ({ time, bytes: 10 }));

describe('planDrops', () => {
  it('drops what is older than the retention, to the ms', () => {
    expect(plan(spec(100, null), [at(50, 99, 100, 150), at(120)], 200)).toEqual([2, 0]);
  });

  it('drops the oldest of all partitions until the topic fits', () => {
    expect(plan(spec(null, 30), [at(1, 4, 5), at(2, 3, 6)])).toEqual([1, 2]);
    expect(plan(spec(null, 60), [at(1, 4, 5), at(2, 3, 6)])).toEqual([0, 0]);
  });

  it('keeps everything where nothing is limited', () => {
    expect(plan(spec(null, null), [at(1, 2), at(3)], 1e15)).toEqual([0, 0]);
  });

  it('never passes a release, and keeps partitions of a released topic that have none', () => {
    expect(plan(spec(1, 0), [at(1, 2, 3), at(1, 2, 3)], 1_000, [12, null])).toEqual([2, 0]);
    expect(plan(spec(1, 0), [at(1, 2, 3), at(1, 2, 3)], 1_000, [0, 0])).toEqual([0, 0]);
  });

  it('takes no more than the limit at once', () => {
    expect(plan(spec(1, null), [at(1, 2, 3), at(1, 2, 3)], 1_000, [], 4)).toEqual([2, 2]);
  });

  it('in steps drops the same as at once, and no more than needed', () => {
    const kept = fc.array(fc.record({ time: fc.nat(100), bytes: fc.integer({ min: 1, max: 50 }) }), {
      maxLength: 15,
    });
    fc.assert(
      fc.property(
        fc.tuple(kept, kept),
        fc.option(fc.nat(120)),
        fc.option(fc.nat(600)),
        (raw, retention, bytes) => {
          const partitions = raw.map((records) => records.toSorted((a, b) => a.time - b.time));
          const limits = spec(retention, bytes);
          const atOnce = plan(limits, partitions, 100);
          const left = partitions.map((records, i) => records.slice(atOnce[i]));
          expect(plan(limits, left, 100)).toEqual([0, 0]);
          let rest = partitions;
          for (let step = 0; step < 40; step++) {
            const drops = plan(limits, rest, 100, [], 1);
            rest = rest.map((records, i) => records.slice(drops[i]));
          }
          expect(rest).toEqual(left);
        },
      ),
    );
  });
});
