import { expect } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { readSeries, type SeriesAnswer } from '../testing/series.ts';
import { expectNear, slackOf, type TwinCell } from './compare-rows.ts';
import { cellKey } from './value-oracle.ts';

export interface Asked {
  /** ms, a multiple of the pane. */
  window: number;
  groupBy: string[];
  /** Dimension → values; only names that a JSON object of conditions can carry. */
  where: Record<string, string[]>;
}

/**
 * The gateway's answer for a view against the cells of the SQL fold, merged here: same series, same value in every window.
 * Returns how many values were compared.
 */
export async function compareSeries(
  url: string,
  metric: Metric,
  cells: readonly TwinCell[],
  asked: Asked,
): Promise<number> {
  const query = new URLSearchParams({
    range: '15m',
    window: `${asked.window / 1_000}s`,
    where: JSON.stringify(asked.where),
  });
  // Dimensions are separated by commas; none of ours holds one.
  query.set('groupBy', asked.groupBy.join(','));
  const answer = await readSeries(url, metric.id, `?${query}`);
  const [start, end] = [answer.panes[0]!, answer.panes.at(-1)! + asked.window];
  const expected = mergeCells(metric, cells, asked, { start, end, passed: (pane) => passedOf(answer, pane) });
  const got = new Map(
    answer.series
      .filter(({ output }) => output === answer.series[0]!.output)
      .map(({ group }) => [JSON.stringify(asked.groupBy.map((path) => group[path])), group]),
  );
  const where = `the gateway's ${query} of ${JSON.stringify(metric)}`;
  const names = new Set([...expected.values()].map(({ group }) => JSON.stringify(group)));
  // What is not grouped is one series, whatever happened.
  if (asked.groupBy.length === 0) names.add('[]');
  expect([...got.keys()].sort(), where).toEqual([...names].sort());
  const aggregate = aggregateOf(metric.aggregate);
  const outputs = aggregate.outputs(metric.aggregate);
  const empty = aggregate.empty === 'zero' ? 0 : null;
  let compared = 0;
  for (const { group, output, values } of answer.series) {
    const groupOf = asked.groupBy.map((path) => group[path]!);
    for (const [i, pane] of answer.panes.entries()) {
      const cell = expected.get(cellKey(pane, groupOf));
      const at = `${where}, ${output} of ${groupOf} at ${pane}`;
      if (cell === undefined) {
        const isKnown = answer.begins !== null && pane >= answer.begins;
        expect(values[i], at).toBe(isKnown ? empty : null);
        continue;
      }
      const passed = passedOf(answer, pane);
      const exact = aggregate.value(cell.state, metric.aggregate, passed)[outputs.indexOf(output)]!;
      expectNear(values[i]!, exact, slackOf(metric, cell.values)?.outputs[0] ?? 0, at);
      compared++;
    }
  }
  return compared;
}

/** ms of a window that have passed: those of an open one up to `asOf`, a second at least. */
function passedOf({ watermark, asOf, window }: SeriesAnswer, start: number): number {
  if (asOf === null || (watermark !== null && start + window <= watermark)) return window;
  return Math.min(window, Math.max(1_000, asOf - start));
}

interface Merged {
  group: string[];
  state: unknown;
  values: unknown[];
}

function mergeCells(
  metric: Metric,
  cells: readonly TwinCell[],
  { window, groupBy, where }: Asked,
  { start, end, passed }: { start: number; end: number; passed(window: number): number },
): Map<string, Merged> {
  const aggregate = aggregateOf(metric.aggregate);
  const merged = new Map<string, Merged>();
  for (const { row, values } of cells) {
    if (row.pane < start || row.pane >= end) continue;
    const textAt = (path: string): string => row.group[metric.groupBy.indexOf(path)]!;
    if (!Object.entries(where).every(([path, list]) => list.includes(textAt(path)))) continue;
    const group = groupBy.map(textAt);
    const own = row.pane - (row.pane % window);
    const key = cellKey(own, group);
    const into = merged.get(key) ?? { group, state: aggregate.create(), values: [] };
    merged.set(key, into);
    // Of panes ahead those count that have begun.
    if (aggregate.ahead === true && row.pane >= own + passed(own)) continue;
    aggregate.merge(into.state, aggregate.decode(row.state));
    into.values.push(...values);
  }
  return merged;
}
