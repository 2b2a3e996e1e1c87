import { expect } from 'vitest';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import type { CommitRow, PaneRow } from '#contracts/log/rows.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import type { Store } from '#platform/store/store.ts';
import { cells, type SeriesAnswer } from '../testing/series.ts';

/**
 * Rule 4: what was shown live equals the SQL fold over the unique archive rows below each partition's commit. The
 * Store must have all that was shown committed, and may be the embedded one or a server's.
 */
export async function compareWithSqlFold(store: Store, live: Record<string, SeriesAnswer>): Promise<void> {
  const commits = await store.readCommits();
  for (const [metric, answer] of Object.entries(live)) await compareMetric(store, commits, metric, answer);
}

async function compareMetric(
  store: Store,
  commits: CommitRow[],
  id: string,
  live: SeriesAnswer,
): Promise<void> {
  const rows: PaneRow[] = [];
  let metric: Metric | null = null;
  for (const { part, next, facts } of commits) {
    const active = facts.active.find((a) => a.metric === id);
    if (active === undefined) throw new Error(`${id} is not active in partition ${part}`);
    const read = parseMetric(id, active.definition, {
      checkAggregate,
      horizon: facts.settings.horizon,
      stored: true,
    });
    if (!read.ok) throw new Error(read.fault.message);
    metric = read.value;
    // From the very first offset: what came before the activation has been back-filled.
    const scope = { metric, version: active.version, partition: part, from: 0, before: next };
    const { groups, valueLength, levels } = facts.settings;
    rows.push(...(await store.runSqlFold({ ...scope, groups, valueLength, levels })));
  }
  if (metric === null) throw new Error('the Store holds no commits');
  const aggregate = aggregateOf(metric.aggregate);
  for (const [i, output] of aggregate.outputs(metric.aggregate).entries()) {
    expect(cells(live, output), `${id} ${output}`).toEqual(valuesOf(rows, metric, i));
  }
}

/** Group and pane → one output's value, the partitions' states merged; zeros left out, as `cells` does. */
function valuesOf(rows: readonly PaneRow[], metric: Metric, output: number): Map<string, number> {
  const aggregate = aggregateOf(metric.aggregate);
  const states = new Map<string, unknown>();
  for (const { group, pane, state } of rows) {
    const key = `${group.join(',')}|${pane}`;
    const into = states.get(key) ?? aggregate.create();
    states.set(key, into);
    aggregate.merge(into, aggregate.decode(state));
  }
  const values = [...states].map(
    ([key, s]) => [key, aggregate.value(s, metric.aggregate, metric.pane)[output]] as const,
  );
  return new Map(values.filter((entry): entry is [string, number] => entry[1] != null && entry[1] !== 0));
}
