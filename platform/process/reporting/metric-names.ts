/** Every measurement that a process of Millrace exposes at /metrics; docs/METRICS.md is compared with it by a test. */
export interface MetricSpec {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
}

export const METRICS = {
  millrace_http_limited_total: {
    type: 'counter',
    help: 'Requests and connections refused because a caller exceeded a limit; requests by the limit, connections as tcp, tcp_total or cut_off.',
    labels: ['limit'],
  },
  millrace_budget_used: {
    type: 'gauge',
    help: 'How much of each budget is in use: what the process holds on behalf of callers. GET /v1/status names the setting of each.',
    labels: ['budget'],
  },
  millrace_budget_limit: { type: 'gauge', help: 'Limit of each budget.', labels: ['budget'] },
  millrace_budget_refused_total: {
    type: 'counter',
    help: "Refusals because a budget, or one owner's share of it, was exhausted.",
    labels: ['budget', 'scope'],
  },
  millrace_http_refusals_total: {
    type: 'counter',
    help: 'Refused requests, by error code.',
    labels: ['code'],
  },
  millrace_http_connections: {
    type: 'gauge',
    help: 'TCP connections by state: idle, request, upgrade, websocket, closing.',
    labels: ['state'],
  },
  millrace_http_cut_total: {
    type: 'counter',
    help: 'TCP connections cut because they exceeded the time limit of their state, or (unread) because the client read too little of its responses.',
    labels: ['state'],
  },
  millrace_http_unread_bytes: {
    type: 'gauge',
    help: 'Bytes of responses that clients have not read yet.',
    labels: [],
  },
  millrace_disk_total_bytes: {
    type: 'gauge',
    help: 'Size of the file system of a folder of the embedded profile.',
    labels: ['folder'],
  },
  millrace_disk_free_bytes: { type: 'gauge', help: 'Free bytes of that file system.', labels: ['folder'] },
  millrace_disk_floor_bytes: {
    type: 'gauge',
    help: 'Free bytes below which events are refused.',
    labels: ['folder'],
  },
  millrace_disk_left_seconds: {
    type: 'gauge',
    help: 'Time until the floor is reached at the rate of the last minutes; +Inf if free space is not shrinking.',
    labels: ['folder'],
  },
  millrace_clock_behind_seconds: {
    type: 'gauge',
    help: 'How far the clock is behind the latest time it has shown; 0 unless it was set back.',
    labels: [],
  },
  millrace_ingest_late_events_total: {
    type: 'counter',
    help: 'Accepted events that are too late for every metric that counts them, as far as this process knows.',
    labels: [],
  },
  millrace_ingest_imported_events_total: {
    type: 'counter',
    help: 'Accepted events that were imported as history.',
    labels: [],
  },
  millrace_ingest_events_total: { type: 'counter', help: 'Events by outcome.', labels: ['outcome'] },
  millrace_ingest_requests_total: {
    type: 'counter',
    help: 'Requests to POST /v1/events by status.',
    labels: ['status'],
  },
  millrace_ingest_pending_bytes: { type: 'gauge', help: 'Bytes accepted but not yet durable.', labels: [] },
  millrace_ingest_append_seconds: { type: 'histogram', help: 'Time until a block is durable.', labels: [] },
  millrace_ingest_blocks_total: { type: 'counter', help: 'Blocks made durable.', labels: [] },
  millrace_ingest_refused_total: {
    type: 'counter',
    help: 'What was refused, by error code: requests to send events as a whole (of: request), and single events (of: event).',
    labels: ['of', 'code'],
  },
  millrace_ingest_rejected_dropped_total: {
    type: 'counter',
    help: 'Refused events and requests that were not recorded, by error code: more than MILLRACE_REJECTED_BYTES, or more than the Log accepted in time.',
    labels: ['code'],
  },
  millrace_aggregator_events_total: {
    type: 'counter',
    help: 'Events by outcome: folded, duplicate, rejected; late and skipped are parts of folded.',
    labels: ['outcome'],
  },
  millrace_aggregator_late_events_total: {
    type: 'counter',
    help: 'Events that arrived after the lateness of a metric: archived, but not counted in the metric.',
    labels: ['metric'],
  },
  millrace_aggregator_overflowed_events_total: {
    type: 'counter',
    help: 'Events counted in __other__, in one dimension or more, because a level of their pane had as many groups as MILLRACE_GROUPS allows.',
    labels: ['metric'],
  },
  millrace_aggregator_repeated_blocks_total: {
    type: 'counter',
    help: 'Blocks that were appended more than once; each was folded once.',
    labels: [],
  },
  millrace_aggregator_lag_blocks: {
    type: 'gauge',
    help: 'Blocks in the owned partitions that are not folded yet.',
    labels: [],
  },
  millrace_aggregator_open_cells: { type: 'gauge', help: 'States held in memory.', labels: [] },
  millrace_aggregator_pending_rows: {
    type: 'gauge',
    help: 'Pane and archive rows that wait for the Store.',
    labels: [],
  },
  millrace_aggregator_live_ids: {
    type: 'gauge',
    help: 'Event ids currently remembered for de-duplication.',
    labels: [],
  },
  millrace_aggregator_sequence_points: {
    type: 'gauge',
    help: 'Events that aggregates of sequences remember, because others may still come beside them.',
    labels: [],
  },
  millrace_aggregator_ids_dropped_total: {
    type: 'counter',
    help: 'Event ids forgotten early because there were more than MILLRACE_IDS; a repeat of one would be counted.',
    labels: [],
  },
  millrace_aggregator_ids_not_remembered_total: {
    type: 'counter',
    help: 'Events with an id whose timestamp was more than MILLRACE_HORIZON behind: the id is not remembered, and a repeat would be counted.',
    labels: [],
  },
  millrace_aggregator_flush_seconds: {
    type: 'histogram',
    help: 'Time until a flush is committed.',
    labels: [],
  },
  millrace_aggregator_archive_seconds: {
    type: 'histogram',
    help: 'Time from the receipt of the newest event of a flush to the commit that contains it; one observation per partition and flush.',
    labels: [],
  },
  millrace_aggregator_failures_total: {
    type: 'counter',
    help: 'Calls to the Log or the Store that failed and are retried, by step.',
    labels: ['step'],
  },
  millrace_aggregator_backfills: {
    type: 'gauge',
    help: 'Metrics whose back-fill is not complete: waiting, or failing.',
    labels: ['state'],
  },
  millrace_aggregator_rollup_lag_seconds: {
    type: 'gauge',
    help: 'How far the roll-ups of the owned partitions are behind what could be rolled up, at most; large while an older Store is rolled up for the first time.',
    labels: [],
  },
  millrace_aggregator_rejections_lost_total: {
    type: 'counter',
    help: 'Refused foreign records that could not be written to the rejected topic.',
    labels: [],
  },
  millrace_aggregator_rows_set_aside_total: {
    type: 'counter',
    help: 'Rows that the Store refuses although it accepts others: missing from history, and recorded in the rejected topic. `metric` is empty for the archive.',
    labels: ['table', 'metric'],
  },
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
  millrace_log_append_seconds: {
    type: 'histogram',
    help: 'Time until the brokers have acknowledged a request, including retries.',
    labels: [],
  },
  millrace_log_lag_records: {
    type: 'gauge',
    help: 'Records of an owned partition that have not been delivered to its consumer yet.',
    labels: ['group', 'partition'],
  },
  millrace_log_rebalances_total: {
    type: 'counter',
    help: 'Rebalances of a consumer group.',
    labels: ['group'],
  },
  millrace_gateway_frames_total: { type: 'counter', help: 'Frames written to clients.', labels: [] },
  millrace_gateway_frame_bytes_total: {
    type: 'counter',
    help: 'Bytes of frames written to clients.',
    labels: [],
  },
  millrace_gateway_refused_total: {
    type: 'counter',
    help: 'Socket connections refused, at the handshake or at authentication.',
    labels: ['code'],
  },
  millrace_gateway_expelled_total: {
    type: 'counter',
    help: 'Socket connections ended because their key was revoked or has expired.',
    labels: ['code'],
  },
  millrace_gateway_viewers: { type: 'gauge', help: 'Connected clients.', labels: [] },
  millrace_gateway_views: { type: 'gauge', help: 'Open views.', labels: [] },
  millrace_gateway_cells: { type: 'gauge', help: 'States held in memory for views.', labels: [] },
  millrace_gateway_updates_skipped_total: {
    type: 'counter',
    help: 'Records of the updates topic that could not be read.',
    labels: [],
  },
  millrace_gateway_reads_failed_total: {
    type: 'counter',
    help: 'Reads of the Store that were given up.',
    labels: [],
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;
