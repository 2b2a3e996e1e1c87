import type { Judgement } from '#aggregates/judge/verdict-of.ts';
import type { FilteredEvent } from '#contracts/filter/compile-filter.ts';
import type { ArchiveRow, CommitRow } from '#contracts/log/rows.ts';
import { namesSought } from '#contracts/metric/dimension.ts';
import { type Counted, isCounted } from '#contracts/metric/explanation.ts';
import type { EventVerdict, MetricVerdict } from '#contracts/metric/verdict.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { outcomeOf, rowPart, type StoredCell } from '#platform/store/judged-events.ts';
import type { Store } from '#platform/store/store.ts';
import type { Steps } from '../../core/steps.ts';
import { partsIn } from '../explain/metric-parts.ts';
import type { KnownFold } from './known-folds.ts';

/** What is judged by. */
export interface VerdictSource {
  folds: readonly KnownFold[];
  commits: readonly CommitRow[];
}

/** What became of an archived event for one metric. */
export interface ArchivedJudgement extends Judgement {
  part?: Counted;
}

/** Judgements between two steps, and cells that one statement looks for. */
const STEP = 50;
const CELLS = 500;

/** Returns what became of archived events, for each metric; which groups were merged is looked up in the Store. */
export async function archivedVerdicts(
  rows: readonly ArchiveRow[],
  source: VerdictSource,
  { store, mustGoOn }: { store: Pick<Store, 'hasCells'>; mustGoOn: () => void },
): Promise<EventVerdict[]> {
  const { verdicts, wanted } = await runInTurns(judgeAll(rows, source));
  // Events of one group and pane ask for the same cell.
  const cells = [...wanted.values()];
  for (let at = 0; at < cells.length; at += CELLS) {
    mustGoOn();
    const some = cells.slice(at, at + CELLS);
    const isThere = await store.hasCells(some.flatMap(({ sought }) => sought));
    let first = 0;
    for (const wantedCell of some) {
      const { length } = wantedCell.sought;
      noteName(wantedCell, isThere.slice(first, first + length).indexOf(true));
      first += length;
    }
  }
  return verdicts;
}

/** Verdicts of one group and pane, and the cells that may hold their events: its own first. */
interface WantedCell {
  of: MetricVerdict[];
  dimensions: readonly string[];
  sought: StoredCell[];
}

/** Says in which of the cells the events are: the first that there is; -1: in none that is known. */
function noteName({ of, dimensions, sought }: WantedCell, place: number): void {
  for (const verdict of of) {
    verdict.merged = place < 0 ? null : place > 0;
    if (place > 0) verdict.group = byDimension(dimensions, sought[place]!.group);
  }
}

const byDimension = (dimensions: readonly string[], group: readonly string[]): Record<string, string> =>
  Object.fromEntries(dimensions.map((d, i) => [d, group[i]!]));

function* judgeAll(
  rows: readonly ArchiveRow[],
  { folds, commits }: VerdictSource,
): Steps<{ verdicts: EventVerdict[]; wanted: ReadonlyMap<string, WantedCell> }> {
  const wanted = new Map<string, WantedCell>();
  const verdicts: EventVerdict[] = [];
  for (const row of rows) {
    const event = eventOf(row);
    const commit = commits.find(({ part }) => part === row.part);
    const metrics: MetricVerdict[] = [];
    for (const [i, fold] of folds.entries()) {
      if (i % STEP === 0) yield;
      const judgement = judgeArchived({ row, event }, fold, commit);
      const verdict = toVerdict(fold, judgement);
      metrics.push(verdict);
      const sought = cellsOf(row, fold, judgement);
      if (sought === null) continue;
      const key = JSON.stringify(sought[0]);
      const others = wanted.get(key);
      if (others !== undefined) others.of.push(verdict);
      else wanted.set(key, { sought, dimensions: fold.compiled.metric.groupBy, of: [verdict] });
    }
    verdicts.push(toEventVerdict(row, metrics));
  }
  return { verdicts, wanted };
}

export const eventOf = (row: ArchiveRow): FilteredEvent => ({
  ...row,
  properties: JSON.parse(row.properties) as Record<string, unknown>,
});

/** What became of one archived event for one metric, by the judgement of the fold and how far the parts are (rule 4). */
export function judgeArchived(
  { row, event }: { row: ArchiveRow; event: FilteredEvent },
  { version, compiled: { metric }, judge }: KnownFold,
  commit: CommitRow | undefined,
): ArchivedJudgement {
  const most = commit?.facts.settings.valueLength;
  const judgement = judge(event, row.imported ? null : row.watermark, most);
  if (judgement.outcome === 'no_match' || commit === undefined) return judgement;
  const which = outcomeOf(row, metric.lateness, partsIn(commit, metric.id, version));
  if (which === 'before' || which === 'imported') return { outcome: which };
  if (!isCounted(which)) return judgement;
  // A rebuild has added what was late.
  const counted = judgement.outcome === 'late' ? judge(event, null, most) : judgement;
  return counted.outcome === 'counted' ? { ...counted, part: which } : counted;
}

function cellsOf(
  row: ArchiveRow,
  { version, compiled: { metric } }: KnownFold,
  { part, pane, group }: ArchivedJudgement,
): StoredCell[] | null {
  if (part === undefined || pane === undefined || group === undefined || group.length === 0) return null;
  const cell = { metric: metric.id, version, pane, part: rowPart(row, part) };
  return namesSought(group).map((name) => ({ ...cell, group: name }));
}

/** The verdict without what the judgement is made of. */
export function toVerdict(
  { version, compiled: { metric } }: KnownFold,
  { group, value: _, ...judgement }: ArchivedJudgement,
): MetricVerdict {
  return {
    metric: metric.id,
    version,
    ...judgement,
    ...(group === undefined ? {} : { group: byDimension(metric.groupBy, group) }),
    ...(group === undefined || group.length === 0 ? {} : { merged: null }),
  };
}

function toEventVerdict(
  { event, id, key, ts, part, offset, index }: ArchiveRow,
  metrics: MetricVerdict[],
): EventVerdict {
  const position = { partition: part, offset, index };
  return { event, id, key, timestamp: ts, position, partition: part, metrics };
}
