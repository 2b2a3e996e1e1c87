import { compileActive } from '#aggregates/judge/compile-metric.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import { MetricSequences, type RestoredPoint } from '../sequences/metric-sequences.ts';
import { neededPoints, rulesOf } from '../sequences/sequence-rules.ts';
import type { PointsRead, RestoreRead } from './restore-read.ts';

/** The sequences of a metric version. */
export interface RestoredSequences {
  metric: string;
  version: number;
  sequences: MetricSequences;
}

/** Points of one read. */
const POINTS_A_READ = 50_000;

/** Reads the sequences of all active metrics that have some, as they were at the commit. */
export function* restoreSequences(commit: CommitRow): Generator<RestoreRead, RestoredSequences[], unknown> {
  const { watermark, settings, active } = commit.facts;
  const out: RestoredSequences[] = [];
  for (const { metric: id, version, definition } of active) {
    const compiled = compileActive(id, definition);
    const rules = rulesOf(compiled);
    if (rules === null) continue;
    const { metric } = compiled;
    const { valueLength } = settings;
    const sequences = new MetricSequences(rules);
    const wanted = { metric, before: commit.next, valueLength, ...neededPoints(rules, watermark) };
    yield* readSequences(sequences, wanted);
    out.push({ metric: id, version, sequences });
  }
  return out;
}

/** Reads all points in the order of the log, page by page, into the sequences. */
export function* readSequences(
  into: MetricSequences,
  wanted: Omit<PointsRead, 'read' | 'after' | 'limit'>,
): Generator<PointsRead, void, unknown> {
  for (let after: PointsRead['after'] = null; ; ) {
    const page = (yield { read: 'points', ...wanted, after, limit: POINTS_A_READ }) as RestoredPoint[];
    into.restore(page);
    if (page.length < POINTS_A_READ) return;
    const { offset, index } = page.at(-1)!;
    after = { offset, index };
  }
}
