import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Differences, Explanation } from '#contracts/metric/explanation.ts';
import { FORMATS } from '../../testing/usual-formats.ts';
import { differing, factsOf, filterRefusal, pointsText } from './explain-facts.ts';
import { readMetrics } from './known-metrics.ts';

const T0 = Date.UTC(2026, 10, 29, 14);
const EXPLAINED: Explanation = {
  ...{ metric: 'latency', version: 17, from: T0, to: T0 + 10_000, count: 66, values: { p99: 421 } },
  ...{ partial: false, parts: { live: 66, filled: 0, added: 0 } },
  partitions: [
    { partition: 0, count: 40, committed: 1 },
    { partition: 1, count: 26, committed: 1 },
  ],
  ...{ late: 0, before: 0, imported: 0, skipped: [], absent: 0, duplicates: 2 },
  ...{ events: [], searched: null, next: null },
};
const [LATENCY] = readMetrics({
  metrics: [{ id: 'latency', aggregate: 'p99(ms)', event: 'x', groupBy: ['service'], lateness: '1m' }],
});
const termsOf = (explained: Explanation, watermark: number | null = T0): string[] =>
  factsOf(explained, LATENCY!, { watermark, now: T0, formats: FORMATS }).map(
    ({ term, figure, text }) => `${term} ${figure} ${text}`,
  );

describe('the facts of a number', () => {
  it('name every event that is left out, with its reason', () => {
    const facts = termsOf({
      ...EXPLAINED,
      ...{ late: 1, absent: 4, before: 5, imported: 6, partial: true },
      skipped: [{ field: 'ms', expected: 'a finite number', found: 'text', count: 3 }],
    });
    expect(facts).toContain('Counted 66 events, by partition 40 · 26');
    expect(facts).toContain('Late 1 came more than 1 min behind, its lateness; in the archive only');
    expect(facts).toContain('Skipped 3 ms is text, the metric needs a finite number');
    expect(facts.map((fact) => fact.split(' ')[0])).toEqual(
      'Counted Late Skipped Without Before Imported Duplicates Exact Capped Not'.split(' '),
    );
  });

  it('say that nothing is left out where nothing is', () => {
    expect(termsOf(EXPLAINED)).toContain('Left out 0 every event that fits is counted');
  });

  it('say since when the number is final, by the lateness of the metric', () => {
    const last = (watermark: number | null): string => termsOf(EXPLAINED, watermark).at(-1)!;
    expect(last(null)).toMatch(/^Not final .* the window is open/);
    expect(last(T0 + 9_999)).toMatch(/^Not final .* the window is open/);
    expect(last(T0 + 10_000)).toMatch(/^Not final .* late events are on time/);
    expect(last(T0 + 70_000)).toMatch(/^Final .* since then; version 17$/);
  });
});

const DIFFERENCES: Differences = {
  ...{ metric: 'latency', version: 1, from: T0, to: T0 + 10_000 },
  ...{ against: { groups: 'others', from: T0, to: T0 + 10_000 }, inside: 100, outside: 1_000 },
  ...{ sample: 1, omitted: false },
  values: [
    { property: 'version', value: '2.41', inside: 97, outside: 240, difference: 0.73 },
    { property: 'country', value: 'DE', inside: 33, outside: 300, difference: 0.03 },
    { property: 'version', value: '2.40', inside: 3, outside: 760, difference: -0.73 },
  ],
};

describe('what differs', () => {
  it('is told apart from what chance gives', () => {
    const { rows, alike } = differing(DIFFERENCES);
    expect(rows.map(({ value }) => value)).toEqual(['2.41', '2.40']);
    expect(alike).toEqual(['country']);
    expect(rows.map((row) => pointsText(row, FORMATS))).toEqual(['+73', '−73']);
  });

  it('is nothing where both sides have the same shares, or one has no events', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 20 }), (inside, times) => {
        const value = { property: 'a', value: 'x', inside, outside: inside * times, difference: 0 };
        expect(
          differing({ ...DIFFERENCES, inside: 500, outside: 500 * times, values: [value] }).rows,
        ).toEqual([]);
      }),
    );
    const one = { property: 'a', value: 'x', inside: 1, outside: 0, difference: 1 };
    expect(differing({ ...DIFFERENCES, inside: 1, outside: 0, values: [one] }).rows).toEqual([]);
  });

  it('can be filtered by where it is a dimension', () => {
    expect(filterRefusal('service', LATENCY!)).toBeNull();
    expect(filterRefusal('version', LATENCY!)).toContain('no dimension of latency (it has service)');
  });
});
