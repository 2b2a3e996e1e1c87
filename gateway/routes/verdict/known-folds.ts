import { type CompiledMetric, compileMetric } from '#aggregates/judge/compile-metric.ts';
import { createVerdicts, type JudgeEvent } from '#aggregates/judge/verdict-of.ts';
import type { Catalog } from '#contracts/log/definition-record.ts';
import { isBuiltIn } from '#contracts/metric/built-in.ts';
import { type Caller, mayRead } from '#platform/access/caller.ts';

/** A metric version as the fold reads it. */
export interface KnownFold {
  version: number;
  compiled: CompiledMetric;
  judge: JudgeEvent;
}

/** The served versions of all metrics that people have defined, a caller may read, and that are folded, by id. */
export function foldsOf({ metrics }: Catalog, caller: Caller): KnownFold[] {
  const folds: KnownFold[] = [];
  for (const [id, { served }] of [...metrics].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const fold = mayRead(caller, id) && !isBuiltIn(id) ? knownFold(id, served) : null;
    if (fold !== null) folds.push(fold);
  }
  return folds;
}

/** Each definition is read once. One that was accepted is read under any horizon; null: it is not folded. */
export function knownFold(
  id: string,
  { version, body }: { version: number; body: Record<string, unknown> },
): KnownFold | null {
  const known = READ.get(body);
  if (known !== undefined && known?.version === version) return known;
  const read = compileMetric(id, body, Number.POSITIVE_INFINITY);
  const fold = read.ok ? { version, compiled: read.value, judge: createVerdicts(read.value) } : null;
  READ.set(body, fold);
  return fold;
}

const READ = new WeakMap<object, KnownFold | null>();
