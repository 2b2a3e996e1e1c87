import { formatSpan } from '../format/duration.ts';
import { formatFigure } from '../format/number.ts';
import type { Comparison } from './compare-ranges.ts';

/** What a stat's difference is compared with, and why there is none. */
export interface DeltaWords {
  /** Behind the difference: `vs prev 15 min`. */
  reference: string;
  /** Instead of a difference: `none in prev 15 min`; null where there is one. */
  missing: string | null;
  /** What exactly is compared, as one sentence. */
  explained: string;
}

export function deltaWords(comparison: Comparison, window: number, range: number, unit: string): DeltaWords {
  const [span, figure] = [formatSpan(range), (value: number | null) => figureWords(value, unit)];
  const windows = `the closed windows of ${formatSpan(window)}`;
  const nothing = comparison.before === null || (comparison.before === 0 && unit !== '%');
  return {
    reference: `vs prev ${span}`,
    missing: nothing ? `none in prev ${span}` : comparison.now === null ? `none in ${span}` : null,
    explained: `Mean of ${windows} over the last ${span}: ${figure(comparison.now)}; over the ${span} before: ${figure(comparison.before)}.`,
  };
}

function figureWords(value: number | null, unit: string): string {
  const { prefix, text, suffix } = formatFigure(value, unit);
  return value === null ? 'no values' : [prefix, text, suffix].filter(Boolean).join(' ');
}
