import type { RollUpMark } from '#contracts/log/rows.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { TIERS, type Tier } from '#contracts/metric/tier.ts';

/** Panes in [from, to) that are read from one tier; `pane`: as the metric has them. */
export interface TierSpan {
  tier: Tier['name'] | 'pane';
  from: number;
  to: number;
}

interface AlignedRange {
  from: number;
  to: number;
  /** ms; divides every boundary at which the reader tells panes apart, counted from the epoch. */
  align: number;
}

/**
 * From which tiers a partition's panes are read, given its marks: spans that cover the range once, each as coarse as the
 * alignment allows. What a mark does not cover is read finer, and so are ends of the range that lie within a coarse pane.
 */
export function tierSpans(
  range: AlignedRange,
  marks: readonly Pick<RollUpMark, 'tier' | 'upto'>[],
): TierSpan[] {
  const spans: TierSpan[] = [];
  let rest = [{ from: range.from, to: range.to }];
  for (const { name, size } of TIERS.toReversed()) {
    const upto = marks.find(({ tier }) => tier === size)?.upto;
    if (upto === undefined || range.align % size !== 0) continue;
    const from = -floorTo(-range.from, size);
    const to = Math.min(floorTo(range.to, size), floorTo(upto, size));
    if (from >= to) continue;
    spans.push(...rest.flatMap((part) => within(part, from, to)).map((part) => ({ tier: name, ...part })));
    rest = rest.flatMap((part) => [...within(part, part.from, from), ...within(part, to, part.to)]);
  }
  return [...spans, ...rest.map((part) => ({ tier: 'pane' as const, ...part }))].sort(
    (a, b) => a.from - b.from,
  );
}

/** What of a span lies in [from, to): one span or none. */
function within(
  span: { from: number; to: number },
  from: number,
  to: number,
): { from: number; to: number }[] {
  const cut = { from: Math.max(span.from, from), to: Math.min(span.to, to) };
  return cut.from < cut.to ? [cut] : [];
}

/** The source partition of a part, whoever wrote it: live rows, a back-fill (`~`) or an import (`+`). */
export const partitionOf = (part: string): number => Number(part.replace(/^[~+]/, ''));

/** The parts that a partition's rows may be under. */
export const partsOf = (partition: number): string[] => ['', '~', '+'].map((sign) => `${sign}${partition}`);
