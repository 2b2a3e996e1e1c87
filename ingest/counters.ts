import type { PostAnswer } from '#contracts/event/event.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';

/** What ingest has done since its start; for `system` records and /metrics alike. */
export interface IngestCounters {
  answered(status: number, answer: PostAnswer | null, imported?: boolean): void;
  totals(): Record<string, number>;
}

export function createIngestCounters(metrics: Metrics): IngestCounters {
  const totals = { accepted: 0, duplicates: 0, rejected: 0, late: 0, imported: 0, requests: 0 };
  return {
    answered(status, answer, imported = false) {
      totals.requests++;
      metrics.add('millrace_ingest_requests_total', 1, { status: String(status) });
      if (answer === null) return;
      for (const outcome of ['accepted', 'duplicates', 'rejected'] as const) {
        totals[outcome] += answer[outcome];
        if (answer[outcome] > 0) metrics.add('millrace_ingest_events_total', answer[outcome], { outcome });
      }
      totals.late += answer.late;
      if (answer.late > 0) metrics.add('millrace_ingest_late_events_total', answer.late);
      if (!imported || answer.accepted === 0) return;
      totals.imported += answer.accepted;
      metrics.add('millrace_ingest_imported_events_total', answer.accepted);
    },
    totals: () => ({ ...totals }),
  };
}
