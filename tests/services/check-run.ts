import { expect } from 'vitest';
import type { Store } from '#platform/store/store.ts';
import { compareWithSqlFold } from '../crash/compare-with-sql-fold.ts';
import type { CrashEvent } from '../crash/crash-workload.ts';
import { eventually } from '../testing/eventually.ts';
import { cells, readSeries, type SeriesAnswer, total } from '../testing/series.ts';
import type { RunMetrics } from './run-metrics.ts';

/** Further back than any event of a run is before its start, ms. */
const BEFORE_START = 60_000;
const PANE = 1_000;

export interface RunFacts {
  metrics: RunMetrics;
  /** How the ids of this run begin. */
  prefix: string;
  /** When its load began, epoch ms. */
  began: number;
  sent: ReadonlyMap<string, CrashEvent>;
  acknowledged: ReadonlySet<string>;
  /** How long what a gateway shows may be on its way, ms; 30,000 when absent. */
  within?: number;
}

/**
 * What must hold when nothing is under way any more: the Store has every acknowledged event once and nothing that was
 * never sent; every gateway shows what a naive hand counts over those events, and what rule 4's formula gives.
 */
export async function checkRun(store: Store, gateways: readonly string[], run: RunFacts): Promise<void> {
  const counted = await countedIds(store, run);
  const ids = new Set(counted);
  expect(counted.length, 'ids that are there twice').toBe(ids.size);
  const lost = [...run.acknowledged].filter((id) => !ids.has(id));
  expect(lost.slice(0, 10), `${lost.length} acknowledged events are lost`).toEqual([]);
  expect([...ids].filter((id) => !run.sent.has(id))).toEqual([]);
  const events = counted.map((id) => run.sent.get(id)!);
  for (const url of gateways) {
    await awaitHandCount(url, run, events);
    // Quantiles and the count without late events come in records of their own, a moment later.
    await eventually(
      async () => {
        const live = await readAll(url, run.metrics);
        await compareWithSqlFold(store, live);
        return total(live[run.metrics.tight]!);
      },
      (inTime) => inTime < events.length,
      run.within,
    );
  }
}

async function countedIds(store: Store, { began, prefix }: RunFacts): Promise<string[]> {
  const commits = await store.readCommits();
  const rows = await Promise.all(
    commits.map(({ part, next }) => store.readIds(part, next, began - BEFORE_START, Number.MAX_SAFE_INTEGER)),
  );
  return rows
    .flat()
    .map(({ id }) => id)
    .filter((id) => id.startsWith(prefix));
}

const read = (url: string, id: string) => readSeries(url, id, '?range=30m&window=1s');

async function readAll(url: string, { event: _, ...ids }: RunMetrics): Promise<Record<string, SeriesAnswer>> {
  const answers = Object.values(ids).map(async (id) => [id, await read(url, id)] as const);
  return Object.fromEntries(await Promise.all(answers));
}

/** Resolves when the gateway shows what a naive hand counts: its last frames may still be on their way. */
async function awaitHandCount(
  url: string,
  { metrics: { hits, weight }, within }: RunFacts,
  events: readonly CrashEvent[],
): Promise<void> {
  const byHand = { [hits]: new Map<string, number>(), [weight]: new Map<string, number>() };
  for (const { timestamp, properties } of events) {
    const pane = Math.floor(timestamp / PANE) * PANE;
    add(byHand[hits]!, `${properties.shop}|${pane}`, 1);
    add(byHand[weight]!, `|${pane}`, properties.n);
  }
  for (const [id, expected] of Object.entries(byHand))
    await eventually(
      async () => differences(cells(await read(url, id)), expected),
      (differ) => differ.length === 0,
      within,
    );
}

function differences(shown: Map<string, number>, expected: Map<string, number>): string[] {
  const keys = new Set([...shown.keys(), ...[...expected].filter(([, n]) => n !== 0).map(([key]) => key)]);
  return [...keys]
    .filter((key) => shown.get(key) !== expected.get(key))
    .map((key) => `${key}: shows ${shown.get(key)}, by hand ${expected.get(key)}`);
}

const add = (to: Map<string, number>, key: string, n: number): void =>
  void to.set(key, (to.get(key) ?? 0) + n);
