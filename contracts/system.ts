/** A record of the `system` topic: every process writes one a second. Totals since its start; readers take differences. */
export interface SystemRecord {
  /** Random per process start, so that totals of a restarted process are not taken for a fall. */
  process: string;
  part: 'ingest' | 'aggregator' | 'gateway';
  /** Epoch ms. */
  time: number;
  totals: Record<string, number>;
  gauges: Record<string, number>;
}

/** A record of the `rejected` topic: one refused event or request. */
export interface RejectedRecord {
  time: number;
  code: string;
  field?: string;
  message: string;
  /** The refused text, cut to 1 KB. */
  body: string;
  /** Where a refused record lies in the events topic; absent for what ingest refused. */
  position?: { partition: number; offset: number; index: number };
}
