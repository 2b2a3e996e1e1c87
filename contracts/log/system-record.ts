/** A record of the `system` topic: every process writes one a second. Totals since its start; readers take differences. */
export interface SystemRecord {
  /** Random per process start, so that totals of a restarted process are not taken for a fall. */
  process: string;
  part: 'ingest' | 'aggregator' | 'gateway';
  /** Epoch ms. */
  time: number;
  totals: Record<string, number>;
  gauges: Record<string, number>;
  /** Of the process, not of the part: where several parts are one process, one of them tells. */
  budgets?: BudgetFigures[];
  warnings?: Warning[];
  /** Of aggregators: metrics whose history cannot be filled in, at most so many as a record may hold. */
  backfills?: BackfillFailure[];
}

/** What a part tells of itself in its record. */
export type PartFigures = Pick<SystemRecord, 'totals' | 'gauges' | 'backfills'>;

/** A metric version whose history could not be filled in so far, and is tried again. */
export interface BackfillFailure {
  metric: string;
  version: number;
  /** Partitions in which it fails. */
  partitions: number;
  attempts: number;
  /** First failure, epoch ms. */
  since: number;
  /** When it is tried again, epoch ms. */
  next: number;
  code: string;
  message: string;
}

/** What a process holds on behalf of others, and how much it may hold at most. */
export interface BudgetFigures {
  name: string;
  unit: 'bytes' | 'count';
  /** The setting that bounds it. */
  setting: string;
  most: number;
  used: number;
  /** How often something was refused because of it, since the process began. */
  refused: number;
}

/** What an operator should know of a process that works. It names no metric, event, key or caller. */
export interface Warning {
  code: string;
  message: string;
  /** Since when, epoch ms. */
  since: number;
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
