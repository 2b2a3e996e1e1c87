import type { Aggregate } from '#aggregates/aggregate.ts';
import { MillraceError, refuse } from '#contracts/errors.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import {
  COUNTED,
  type Explanation,
  expectedBy,
  isCounted,
  type Outcome,
} from '#contracts/metric/explanation.ts';
import type { EventQuery, StoredEventPage } from '#platform/store/event-query.ts';
import type { JudgedCount, JudgedScope } from '#platform/store/judged-events.ts';
import type { Store } from '#platform/store/store.ts';
import type { FoldedMetric } from '../../core/derived/expand-derived.ts';
import { ROWS } from '../events/events-route.ts';
import type { CellQuery } from './cell-query.ts';
import { partsIn } from './metric-parts.ts';
import type { CellFacts, CountedCells, PagedCells } from './paged-cells.ts';

/** Archived events in the panes at most: about half a second's work. */
const MOST = 1_000_000;

export interface ExplainDeps {
  store: Store;
  /** Throws where nobody waits for the answer any more. */
  mustGoOn: () => void;
}

/** Refuses cells in whose time there are more archived events than may be looked at (`view_too_large`). */
export async function checkRange(cells: CellQuery, { store, mustGoOn }: ExplainDeps): Promise<void> {
  const rows = await store.countRange(cells);
  if (rows > MOST) {
    const { fault } = refuse(
      'view_too_large',
      `The range holds ${rows} archived events; at most ${MOST} are looked at. Choose a shorter one.`,
    );
    throw new MillraceError(fault);
  }
  mustGoOn();
}

/** Returns which events of the archive cells are about, as far as the commit rows have come. */
export const scopeOf = (
  { metric, version }: FoldedMetric,
  cells: CellQuery,
  commits: readonly CommitRow[],
): JudgedScope => ({
  metric,
  version,
  ...cells,
  partitions: commits.map((commit) => partsIn(commit, metric.id, version)),
  valueLength: commits[0]?.facts.settings.valueLength,
});

/**
 * Explains cells from the archive: what they are made of, and what is left out of them, with a page of the events that count. A page that
 * goes on from another is as of the same commits and has its facts, as long as these are kept. Refuses what `checkRange` does.
 */
export async function explainCell(
  known: FoldedMetric,
  cells: CellQuery,
  { limit, before }: Pick<EventQuery, 'limit' | 'before'>,
  deps: ExplainDeps & { paged: PagedCells },
): Promise<{ facts: CellFacts; page: StoredEventPage }> {
  const { store, mustGoOn, paged } = deps;
  const earlier = before === undefined ? null : paged.find({ known, cells, before });
  const counted = earlier ?? (await countCells(known, cells, deps));
  const page = await store.readEvents({ where: [], limit, before, counted: counted.scope, rows: ROWS });
  mustGoOn();
  if (page.next !== null) paged.keep({ known, cells, before: page.next }, counted);
  return { facts: counted.facts, page };
}

async function countCells(known: FoldedMetric, cells: CellQuery, deps: ExplainDeps): Promise<CountedCells> {
  const { store, mustGoOn } = deps;
  await checkRange(cells, deps);
  const commits = await store.readCommits();
  const scope = scopeOf(known, cells, commits);
  const counts = await store.countJudged(scope);
  mustGoOn();
  const cell = await readCell(known, scope, store);
  mustGoOn();
  const { metric, version, from, to } = scope;
  const duplicates = commits.reduce((sum, { facts }) => sum + facts.counters.duplicates, 0);
  const head = { metric: metric.id, version, from, to };
  return { scope, facts: { ...head, ...countsOf(known, scope, counts), ...cell, duplicates } };
}

/** The cell as the Store holds it, merged over the groups that are meant. */
async function readCell(
  { metric, version, aggregate }: FoldedMetric,
  { from, to, where }: JudgedScope,
  store: Store,
): Promise<Pick<CellFacts, 'values' | 'partial'>> {
  const windows = { kind: 'list', bounds: [from, to] } as const;
  const view = { groupBy: [], where: [...where], windows };
  const rows = await store.readWindows({ metric, version, from, to, view, form: 'state' });
  const partial = rows.some(({ other }) => other);
  const row = rows.find(({ group }) => group !== null);
  if (row === undefined) return { values: null, partial };
  const call = metric.aggregate;
  const values = aggregate.value(aggregate.decode(row.state), call, to - from);
  const outputs = aggregate.outputs(call).map((output, i): [string, number | null] => [output, values[i]!]);
  return { values: Object.fromEntries(outputs), partial };
}

function countsOf(
  { aggregate }: FoldedMetric,
  { partitions, metric }: JudgedScope,
  counts: readonly JudgedCount[],
): Omit<CellFacts, 'metric' | 'version' | 'from' | 'to' | 'values' | 'partial' | 'duplicates'> {
  const sum = (test: (one: JudgedCount) => boolean): number =>
    counts.reduce((total, one) => (test(one) ? total + one.count : total), 0);
  const of = (outcome: Outcome): number => sum((one) => one.outcome === outcome);
  const [live, filled, added] = COUNTED.map(of);
  return {
    count: sum(({ outcome }) => isCounted(outcome)),
    parts: { live: live!, filled: filled!, added: added! },
    partitions: partitions.map(({ partition, committed }) => ({
      partition,
      count: sum((one) => one.partition === partition && isCounted(one.outcome)),
      committed,
    })),
    late: of('late'),
    before: of('before'),
    imported: of('imported'),
    skipped: skipsOf(counts, (field) => (metric.groupBy.includes(field) ? 'text' : aggregate.input)),
    absent: of('absent'),
  };
}

function skipsOf(
  counts: readonly JudgedCount[],
  inputOf: (field: string) => Aggregate['input'],
): Explanation['skipped'] {
  const skips = new Map<string, Explanation['skipped'][number]>();
  for (const { outcome, field, found, count } of counts) {
    if (outcome !== 'skipped' || field === null || found === null) continue;
    const key = JSON.stringify([field, found]);
    const skip = skips.get(key) ?? { field, expected: expectedBy(inputOf(field)), found, count: 0 };
    skips.set(key, { ...skip, count: skip.count + count });
  }
  return [...skips.values()].sort((a, b) => b.count - a.count || (a.field < b.field ? -1 : 1));
}
