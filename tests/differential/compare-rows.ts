import { expect } from 'vitest';
import type { Slack } from '#aggregates/aggregate.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import type { PaneRow } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { expectOutputs } from './textbook.ts';
import { cellKey, type OracleCell } from './value-oracle.ts';

/** A cell as SQL over the archive gives it, under the part that the live row has, with what its values were. */
export interface TwinCell {
  row: PaneRow;
  values: unknown[];
}

/** How far two ways of adding the same values may differ (rule 4); null for aggregates that are equal bit by bit. */
export function slackOf(metric: Metric, values: readonly unknown[]): Slack | null {
  const aggregate = aggregateOf(metric.aggregate);
  return aggregate.slack?.(values as number[]) ?? null;
}

/**
 * The rows of one part: the live or back-filled ones, SQL's over the archive, and the oracle's cells must be the same
 * cells, with states that are equal bit by bit or within the stated bound, and values that follow from what was posted.
 */
export function compareRows(
  metric: Metric,
  live: readonly PaneRow[],
  fromSql: readonly PaneRow[],
  oracle: ReadonlyMap<string, OracleCell>,
): TwinCell[] {
  const found = byKey(live);
  const theirs = byKey(fromSql);
  const about = `${metric.id}: ${JSON.stringify(metric)}`;
  expect([...found.keys()].sort(), `live = SQL, cells of ${about}`).toEqual([...theirs.keys()].sort());
  expect([...theirs.keys()].sort(), `SQL = oracle, cells of ${about}`).toEqual([...oracle.keys()].sort());
  return [...theirs].map(([key, row]) => {
    const cell = oracle.get(key)!;
    const where = `${key} of ${about}`;
    const own = found.get(key)!;
    compareStates(own, row, slackOf(metric, cell.values), `live = SQL at ${where}`);
    compareValues(metric, row, cell, `SQL = oracle at ${where}`);
    return { row: { ...row, part: own.part }, values: cell.values };
  });
}

const byKey = (rows: readonly PaneRow[]): Map<string, PaneRow> => {
  const map = new Map(rows.map((row) => [cellKey(row.pane, row.group), row]));
  expect(map.size).toBe(rows.length);
  return map;
};

/** Expects equal states, or ones within the stated bound. */
export function compareStates(live: PaneRow, fromSql: PaneRow, slack: Slack | null, where: string): void {
  if (slack === null) {
    expect(live.state, where).toEqual(fromSql.state);
    return;
  }
  expect({ ...live.state, nums: [] }, where).toEqual({ ...fromSql.state, nums: [] });
  expect(live.state.nums.length, where).toBe(fromSql.state.nums.length);
  for (const [i, num] of live.state.nums.entries())
    expectNear(num, fromSql.state.nums[i]!, slack.nums[i]!, where);
}

function compareValues(metric: Metric, row: PaneRow, cell: OracleCell, where: string): void {
  const { aggregate: call, pane } = metric;
  const aggregate = aggregateOf(call);
  const got = aggregate.value(aggregate.decode(row.state), call, pane);
  const slack = slackOf(metric, cell.values)?.outputs[0] ?? 0;
  for (const [i, { low, high }] of (expectOutputs(call, cell, pane, slack) ?? []).entries()) {
    if (got[i]! >= low && got[i]! <= high) continue;
    expect(got[i], `${where}, from ${low} to ${high}`).toBe(low);
  }
}

export function expectNear(got: number, expected: number, slack: number, where: string): void {
  if (got === expected || Math.abs(got - expected) <= slack) return;
  expect(got, `${where}, within ${slack}`).toBe(expected);
}
