import { comparePoints, type SequencePoint } from '#contracts/metric/sequence.ts';
import type { ChainRules, Reached } from '../chains.ts';

/** What an entry reaches, by the definition: all points that may be a step of some chain from it. */
export function reachedFrom(
  sorted: readonly SequencePoint[],
  entry: number,
  { steps, span }: ChainRules,
): Reached {
  const { ts } = sorted[entry]!;
  let ends = [entry];
  for (let step = 2; step <= steps; step++) {
    const next = sorted.flatMap((point, i) => {
      const isStep = (point.value & (1 << (step - 1))) !== 0 && point.ts - ts <= span;
      return isStep && ends.some((end) => end < i) ? [i] : [];
    });
    if (next.length === 0) return { ts, step: step - 1, time: null };
    ends = next;
  }
  return { ts, step: steps, time: Math.min(...ends.map((end) => sorted[end]!.ts)) - ts };
}

export const better = (a: Reached | undefined, b: Reached): Reached =>
  a === undefined || b.step > a.step || (b.step === a.step && (b.time ?? 0) < (a.time ?? 0)) ? b : a;

/** The best of the entries of each time. */
export function bestByTime(all: readonly Reached[]): Map<number, Reached> {
  const best = new Map<number, Reached>();
  for (const one of all) best.set(one.ts, better(best.get(one.ts), one));
  return best;
}

/** What the entries of a sequence reach, the best of each time. */
export const naiveChains = (points: readonly SequencePoint[], rules: ChainRules): Map<number, Reached> => {
  const sorted = points.toSorted(comparePoints);
  return bestByTime(
    sorted.flatMap((point, i) => ((point.value & 1) === 0 ? [] : [reachedFrom(sorted, i, rules)])),
  );
};
