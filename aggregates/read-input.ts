import { dimensionText, readPath } from '#contracts/dimension.ts';
import type { Aggregate } from './aggregate.ts';

/**
 * What an aggregate adds of an event: undefined for `none`, a finite number, or canonical text. `null`: the
 * event has no such value (absent, null, or of another type), so the metric skips it whole; no cell arises.
 * The SQL twin follows the same rule.
 */
export function readInput(
  aggregate: Pick<Aggregate, 'input'>,
  field: string | null,
  properties: Readonly<Record<string, unknown>>,
): number | string | undefined | null {
  if (aggregate.input === 'none' || field === null) return undefined;
  const value = readPath(properties, field);
  if (value === undefined || value === null) return null;
  if (aggregate.input === 'text') return dimensionText(value) ?? null;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
