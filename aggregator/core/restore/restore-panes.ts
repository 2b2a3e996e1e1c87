import { compileActive } from '#aggregates/judge/compile-metric.ts';
import type { ActiveMetric, CommitRow, PaneRow } from '#contracts/log/rows.ts';
import { levelOf } from '#contracts/metric/dimension.ts';
import { aheadOf, isFinal, settlingOf } from '#contracts/metric/pane.ts';
import type { RestoreRead } from './restore-read.ts';

/** The states that a partition begins with. */
export interface RestoredPanes {
  /** Those in memory. */
  panes: PaneRow[];
  /** Panes that stay in the Store, and how many groups of each have a place of their own, by level. */
  cold: { metric: string; version: number; pane: number; named: number[] }[];
}

/** Rows that one read should bring: the next one asks for a wider or narrower range. */
const FEW_ROWS = 1_000;
const MANY_ROWS = 4_000;
const FIRST_PANES = 4;

/** Reads the open panes of all active metrics, range by range; those beyond `most` bytes are only counted. */
export function* restorePanes(
  commit: CommitRow,
  most: number,
): Generator<RestoreRead, RestoredPanes, unknown> {
  const out: RestoredPanes = { panes: [], cold: [] };
  let bytes = 0;
  for (const active of commit.facts.active) {
    const { pane, settling, from, ahead } = rangeOf(active, commit);
    const end = (commit.facts.caps.latest ?? from) + ahead;
    let panes = FIRST_PANES;
    for (let at = from; ; ) {
      // Rows may be ahead of the commit, and of all that it has seen.
      const to = at > end ? Number.MAX_SAFE_INTEGER : at + panes * pane;
      const read = { read: 'panes', metric: active.metric, version: active.version, from: at, to } as const;
      const rows = ((yield read) as PaneRow[]).filter(
        (row) => !isFinal(row.pane, pane, settling, commit.facts.watermark),
      );
      bytes += rows.reduce((sum, row) => sum + bytesOf(row), 0);
      if (bytes <= most) for (const row of rows) out.panes.push(row);
      else out.cold.push(...countNamed(active, rows));
      if (to === Number.MAX_SAFE_INTEGER) break;
      at = to;
      if (rows.length > MANY_ROWS) panes = Math.max(1, Math.floor(panes / 2));
      else if (rows.length < FEW_ROWS) panes *= 2;
    }
  }
  return out;
}

function rangeOf(
  { metric, definition }: ActiveMetric,
  { facts }: CommitRow,
): { pane: number; settling: number; from: number; ahead: number } {
  const compiled = compileActive(metric, definition);
  const { pane } = compiled.metric;
  const settling = settlingOf(compiled);
  const from = facts.watermark === null ? 0 : Math.max(0, facts.watermark - settling - pane + 1);
  return { pane, settling, from, ahead: aheadOf(compiled) };
}

function countNamed({ metric, version }: ActiveMetric, rows: readonly PaneRow[]): RestoredPanes['cold'] {
  const named = new Map<number, number[]>();
  for (const { pane, group } of rows) {
    const counts = named.get(pane) ?? new Array<number>(group.length + 1).fill(0);
    named.set(pane, counts);
    counts[levelOf(group)]!++;
  }
  return [...named].map(([pane, counts]) => ({ metric, version, pane, named: counts }));
}

/** The row, the cell that is made of it, and what it is encoded to. */
const bytesOf = ({ group, state: { nums, keys, counts } }: PaneRow): number =>
  group.reduce((sum, text) => sum + text.length, 800) + 32 * (nums.length + keys.length + counts.length);
