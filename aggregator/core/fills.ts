import type { Added } from '#contracts/log/added.ts';
import { type FillCaps, fillCaps } from '#contracts/log/control.ts';
import type { ActiveMetric } from '#contracts/log/rows.ts';

/** What the Store's rows of a metric version lack in a partition; one of the two at least. */
export interface Lacking {
  active: ActiveMetric;
  /** What came before its activation. */
  history: boolean;
  added: (Added & { caps: FillCaps }) | null;
}

/** How far a partition is: the offset of its commit row, and the offset after its last block of imported events. */
export interface FillPosition {
  committed: number;
  imports: number;
}

/**
 * Returns what a metric version lacks of all that the commit row covers, so that the events are in the archive; null where it
 * lacks nothing. Both bounds only rise, and a block that raises one has a higher offset than all before it: rows of a
 * later fill always have a higher `next`. `isCancelled`: its newest rebuild was called off.
 */
export function lackingOf(active: ActiveMetric, at: FillPosition, isCancelled: boolean): Lacking | null {
  if (at.committed <= active.activation) return null;
  const history = !active.backfilled;
  const added = addedTo(active, at, isCancelled);
  return history || added !== null ? { active, history, added } : null;
}

function addedTo({ added }: ActiveMetric, at: FillPosition, isCancelled: boolean): Lacking['added'] {
  if (added === undefined) return null;
  const { imports, late } = added;
  const filled = late?.filled ?? 0;
  const isDue = late !== undefined && late.below <= at.committed && !isCancelled;
  const found: Added = {
    imports: { from: imports, before: Math.max(imports, Math.min(at.imports, at.committed)) },
    late: { from: filled, before: isDue ? late.below : filled },
  };
  if (found.imports.before === imports && found.late.before === filled) return null;
  return { ...found, caps: fillCaps(added) };
}

/** Notes in the facts of an active metric that a fill is in the Store. */
export function noteFilled(active: ActiveMetric, { history, added }: Omit<Lacking, 'active'>): void {
  if (history) active.backfilled = true;
  if (added === null || active.added === undefined) return;
  const { late } = active.added;
  active.added = { ...active.added, imports: Math.max(active.added.imports, added.imports.before) };
  // A newer rebuild may have been asked for meanwhile.
  if (late !== undefined) active.added.late = { ...late, filled: Math.max(late.filled, added.late.before) };
}

/** From now on the metric has added events, under the caps of now. Where it had some, the caps stay. */
export function noteAdded(active: ActiveMetric, caps: FillCaps): void {
  active.added ??= { ...fillCaps(caps), imports: 0 };
}

/** Late events below an offset are asked for. Of one request the first block counts. */
export function noteRebuild(
  active: ActiveMetric,
  { request, below }: { request: number; below: number },
  caps: FillCaps,
): void {
  noteAdded(active, caps);
  const { added } = active;
  if (added === undefined || (added.late !== undefined && added.late.request >= request)) return;
  active.added = { ...added, late: { request, below, filled: added.late?.filled ?? 0 } };
}
