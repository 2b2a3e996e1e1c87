import { type CompiledMetric, placeMetric } from '#aggregates/judge/compile-metric.ts';
import { createGroupKeys } from '#aggregates/judge/group-key.ts';
import { judgeEvent } from '#aggregates/judge/judge-event.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import { readEventPath } from '#contracts/metric/envelope.ts';
import type { PointsRead } from '../restore/restore-read.ts';
import { readSequences } from '../restore/restore-sequences.ts';
import { MetricSequences } from '../sequences/metric-sequences.ts';
import { neededPoints, rulesOf } from '../sequences/sequence-rules.ts';

/** Where a partition is when a metric starts. */
export interface SeedPosition {
  /** Events at lower offsets are in the Store. */
  committed: number;
  /** All others, in the order of the log. */
  rows: readonly ArchiveRow[];
  watermark: number | null;
  /** As `FoldSettings` has it. */
  valueLength: number | undefined;
}

/** Rows that are looked at before other work may run. */
const ROWS_A_STEP = 500;

/**
 * The sequences that a metric goes on from at its activation, as if it had folded all that came before, so that the events on either side
 * of it follow each other (rule 7). Null where each event counts by itself.
 */
export function* seedSequences(
  compiled: CompiledMetric,
  { committed, rows, watermark, valueLength }: SeedPosition,
): Generator<PointsRead | undefined, MetricSequences | null, unknown> {
  const { metric, paths } = compiled;
  const rules = rulesOf(compiled);
  if (rules === null) return null;
  const sequences = new MetricSequences(rules);
  if (committed > 0) {
    // As of the first row that is not read there: what is closed now was open to it.
    const needed = neededPoints(rules, rows.length > 0 ? rows[0]!.watermark : watermark);
    yield* readSequences(sequences, { metric, before: committed, valueLength, ...needed });
  }
  const places = placeMetric(compiled, paths);
  const keys = createGroupKeys({ places: places.groupBy, most: valueLength ?? Infinity });
  const judge = { compiled, places, keys };
  for (const [i, row] of rows.entries()) {
    if (i % ROWS_A_STEP === 0) yield;
    if (row.imported || metric.events?.includes(row.event) === false) continue;
    const values = valuesOf(row, paths);
    const value = judgeEvent(judge, { ts: row.ts, key: row.key, values }, row.watermark);
    if (typeof value !== 'number') continue;
    // What counts has a group.
    sequences.add({ event: row, group: keys.of(values)!, value }, row, row.watermark);
  }
  return sequences;
}

/** What the decoder gives of the event. */
function valuesOf(row: ArchiveRow, paths: readonly string[]): unknown[] {
  const event = { ...row, properties: JSON.parse(row.properties) as Record<string, unknown> };
  return paths.map((path) => readEventPath(event, path));
}
