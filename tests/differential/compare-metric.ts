import { aggregateOf } from '#aggregates/registry.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { Random } from '../../embedded/demo/traffic/seeded-random.ts';
import { eventually } from '../testing/eventually.ts';
import { compareRows, type TwinCell } from './compare-rows.ts';
import { type Asked, compareSeries } from './compare-series.ts';
import type { PartitionTruth } from './read-blocks.ts';
import { GROUPS, type Stack } from './stack.ts';
import { foldNaively, isSequence } from './value-oracle.ts';

export interface Compared {
  /** Every cell of every part. */
  cells: TwinCell[];
  /** Values of the gateway's answer. */
  values: number;
}

/**
 * Rule 4 for one metric, part by part: what was folded live holds events from its activation A to the commit P, what
 * was filled in those before A. Then the gateway over both.
 */
export async function compareMetric(
  { store, url }: Stack,
  commits: readonly CommitRow[],
  truth: readonly PartitionTruth[],
  metric: Metric,
  random: Random,
): Promise<Compared> {
  const { version } = commits[0]!.facts.active.find((a) => a.metric === metric.id)!;
  const rows = await store.readPanes({ metric: metric.id, version, from: 0, to: Number.MAX_SAFE_INTEGER });
  const cells: TwinCell[] = [];
  for (const { part, next, facts } of commits) {
    const { activation } = facts.active.find((a) => a.metric === metric.id)!;
    for (const [name, from, before] of [
      [`${part}`, activation, next],
      [`~${part}`, 0, activation],
    ] as const) {
      const fromSql = await store.runSqlFold({
        metric,
        version,
        partition: part,
        from,
        before,
        groups: GROUPS,
        levels: true,
      });
      // A sequence goes on from what came before.
      const first = isSequence(metric.aggregate) ? 0 : from;
      const events = truth[part]!.events.filter(({ offset }) => offset >= first && offset < before);
      const live = rows.filter((row) => row.part === name);
      cells.push(...compareRows(metric, live, fromSql, foldNaively(metric, events, GROUPS, from)));
    }
  }
  let values = 0;
  for (const asked of [randomView(metric, cells, random), randomView(metric, cells, random)]) {
    // The gateway follows the log at its own pace.
    const compare = (): Promise<number> => compareSeries(url, metric, cells, asked);
    values += await eventually(compare, () => true, 10_000);
  }
  return { cells, values };
}

/** A window of one or several panes, some of the dimensions, sometimes one value of the first. */
function randomView(metric: Metric, cells: readonly TwinCell[], random: Random): Asked {
  const window = metric.pane * (1 + Math.floor(random() * 3));
  const wanted = metric.groupBy.filter(() => random() < 0.7);
  const groupBy = fitting(metric, cells, { window, groupBy: wanted });
  const [dimension] = metric.groupBy;
  const some = cells[Math.floor(random() * cells.length)];
  if (dimension === undefined || some === undefined || random() < 0.5) return { window, groupBy, where: {} };
  return { window, groupBy, where: Object.fromEntries([[dimension, [some.row.group[0]!]]]) };
}

/** Values that a view may have, and places in the table of its answer: the gateway refuses more. */
const MOST_VALUES = 200_000;
const MOST_PLACES = 4 * MOST_VALUES;
const RANGE = 15 * 60_000;

/** The first of the dimensions, as many as make a view that is not too large. */
function fitting(
  metric: Metric,
  cells: readonly TwinCell[],
  { window, groupBy }: Pick<Asked, 'window' | 'groupBy'>,
): string[] {
  const outputs = aggregateOf(metric.aggregate).outputs(metric.aggregate).length;
  const places = groupBy.map((path) => metric.groupBy.indexOf(path));
  const groups = new Set(cells.map(({ row }) => JSON.stringify(places.map((i) => row.group[i]!)))).size;
  const most = Math.ceil(RANGE / window + 1) * groups;
  const isFitting = most * outputs <= MOST_PLACES && Math.min(most, cells.length) * outputs <= MOST_VALUES;
  return isFitting || groupBy.length === 0
    ? groupBy
    : fitting(metric, cells, { window, groupBy: groupBy.slice(0, -1) });
}
