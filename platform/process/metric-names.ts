/** Every measurement that a process of Millrace exposes at /metrics; docs/METRICS.md is compared with it by a test. */
export interface MetricSpec {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
}

export const METRICS = {
  millrace_ingest_events_total: { type: 'counter', help: 'Events by outcome.', labels: ['outcome'] },
  millrace_ingest_requests_total: {
    type: 'counter',
    help: 'Requests to POST /v1/events by status.',
    labels: ['status'],
  },
  millrace_ingest_pending_bytes: { type: 'gauge', help: 'Bytes accepted but not yet durable.', labels: [] },
  millrace_ingest_append_seconds: { type: 'histogram', help: 'Time until a block is durable.', labels: [] },
  millrace_definitions_skipped_total: {
    type: 'counter',
    help: 'Records of the definitions topic that could not be read.',
    labels: [],
  },
  millrace_system_report_failures_total: {
    type: 'counter',
    help: 'Records of the system topic that could not be written.',
    labels: [],
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;
