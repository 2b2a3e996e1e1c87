import { expect } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import type { Metric } from '#contracts/metric.ts';
import type { PaneRow } from '#contracts/rows.ts';
import { cellKey, type OracleCell } from './oracle.ts';

/** A cell as SQL over the archive gives it, under the part that the live row has, with what its values were. */
export interface TwinCell {
  row: PaneRow;
  values: unknown[];
}

/** Float sums depend on the order (DESIGN 5.4): within 2nε·Σ|x|. Zero for everything else. */
export function slackOf(metric: Metric, values: readonly unknown[]): number {
  if (metric.aggregate.name !== 'sum' && metric.aggregate.name !== 'avg') return 0;
  const numbers = values as number[];
  if (numbers.every(Number.isInteger) && sizeOf(numbers) < 2 ** 53) return 0;
  return 2 * numbers.length * Number.EPSILON * sizeOf(numbers);
}

const sizeOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + Math.abs(n), 0);

/**
 * The rows of one part: the live or back-filled ones, SQL's over the archive, and the oracle's cells must be the same
 * cells, with states that are equal bit for bit or within the stated bound, and values that follow from what was posted.
 */
export function compareRows(
  metric: Metric,
  live: readonly PaneRow[],
  twin: readonly PaneRow[],
  oracle: ReadonlyMap<string, OracleCell>,
): TwinCell[] {
  const found = byKey(live);
  const theirs = byKey(twin);
  const about = `${metric.id}: ${JSON.stringify(metric)}`;
  expect([...found.keys()].sort(), `live = SQL, cells of ${about}`).toEqual([...theirs.keys()].sort());
  expect([...theirs.keys()].sort(), `SQL = oracle, cells of ${about}`).toEqual([...oracle.keys()].sort());
  return [...theirs].map(([key, row]) => {
    const { values } = oracle.get(key)!;
    const where = `${key} of ${about}`;
    const own = found.get(key)!;
    compareStates(metric, own, row, values, where);
    compareValues(metric, row, values, where);
    return { row: { ...row, part: own.part }, values };
  });
}

const byKey = (rows: readonly PaneRow[]): Map<string, PaneRow> => {
  const map = new Map(rows.map((row) => [cellKey(row.pane, row.group), row]));
  expect(map.size).toBe(rows.length);
  return map;
};

function compareStates(metric: Metric, live: PaneRow, twin: PaneRow, values: unknown[], where: string): void {
  const slack = slackOf(metric, values);
  if (slack === 0) {
    expect(live.state, `live = SQL at ${where}`).toEqual(twin.state);
    return;
  }
  expect({ ...live.state, nums: [] }, `live = SQL at ${where}`).toEqual({ ...twin.state, nums: [] });
  expectNear(live.state.nums[0]!, twin.state.nums[0]!, slack, `live = SQL at ${where}`);
}

/** The outputs, from the values themselves by textbook definitions. */
function compareValues(metric: Metric, row: PaneRow, values: unknown[], where: string): void {
  const { aggregate: call } = metric;
  const aggregate = aggregateOf(call);
  const got = aggregate.value(aggregate.decode(row.state), call, metric.pane);
  const slack = slackOf(metric, values);
  const numbers = (values as number[]).map((n) => n + 0);
  const sum = numbers.reduce((a, b) => a + b, 0);
  const near = (expected: number, off: number): void =>
    expectNear(got[0]!, expected, off, `SQL = oracle at ${where}`);
  if (call.name === 'count') near(values.length, 0);
  else if (call.name === 'rate') near((values.length * 1_000) / metric.pane, 1e-9);
  else if (call.name === 'sum') near(sum, slack);
  else if (call.name === 'avg')
    near(sum / values.length, (slack || Math.abs(sum) * Number.EPSILON) / values.length);
  else if (call.name === 'min') near(Math.min(...numbers), 0);
  else if (call.name === 'max') near(Math.max(...numbers), 0);
  else if (call.name === 'distinct') {
    const exact = new Set(values.map(String)).size;
    // Six standard errors above the exact limit.
    near(exact, exact > 1_024 ? exact * 0.05 : 0);
  } else if (call.name === 'quantiles') {
    const sorted = numbers.sort((a, b) => a - b);
    for (const [i, q] of call.args.entries()) {
      const exact = sorted[Math.floor(q * (sorted.length - 1))]!;
      // Denormal doubles have fewer bits than a bin.
      expectNear(got[i]!, exact, Math.abs(exact) * 0.008 + 2 ** -1_022, `SQL = oracle at ${where}`);
    }
  }
}

export function expectNear(got: number, expected: number, slack: number, where: string): void {
  if (Math.abs(got - expected) <= slack) return;
  expect(got, `${where}, within ${slack}`).toBe(expected);
}
