import { ok, type Result, refuse, shown } from './errors.ts';
import type { PaneRow } from './rows.ts';

/** One record of the `updates` topic. An aggregator's tick appends its `cells` records first and then one `facts` record. */
export type Update = CellsUpdate | FactsUpdate | BackfilledUpdate;

/** New states of one metric version: whole states, versioned by `next`; newer replaces older, so repeats are harmless. */
export interface CellsUpdate {
  kind: 'cells';
  metric: string;
  version: number;
  /** Oldest receipt newly included since the last publish, epoch ms; null on replays. */
  received: number | null;
  cells: Pick<PaneRow, 'pane' | 'group' | 'part' | 'state' | 'next'>[];
}

/** How far partitions are; also the heartbeat, once a second when nothing else moves. */
export interface FactsUpdate {
  kind: 'facts';
  partitions: PartitionProgress[];
}

export interface PartitionProgress {
  partition: number;
  /** Offset after the last folded block. */
  next: number;
  /** P of the last acknowledged commit row. */
  committed: number;
  watermark: number | null;
  /**
   * Up to when the partition's results are complete: the clock read before a `bounds` call that showed the log's
   * end = next, else `received` of the last folded block; null before either.
   */
  asOf: number | null;
  /** What readers see as its watermark: `asOf` when caught up and idle for 2 s, else the watermark (rule 2). */
  shown: number | null;
}

/** The back-fill of one partition is in the Store: readers read the metric's older range again. */
export interface BackfilledUpdate {
  kind: 'backfilled';
  metric: string;
  version: number;
  /** `"~3"` for partition 3. */
  part: string;
  activation: number;
}

/** Columnar JSON: a quarter of the size of one object a cell. */
export function encodeUpdate(update: Update): string {
  if (update.kind !== 'cells') return JSON.stringify(update);
  const { cells, ...head } = update;
  return JSON.stringify({
    ...head,
    pane: cells.map((c) => c.pane),
    group: cells.map((c) => c.group),
    part: cells.map((c) => c.part),
    nums: cells.map((c) => c.state.nums),
    keys: cells.map((c) => c.state.keys),
    counts: cells.map((c) => c.state.counts),
    next: cells.map((c) => c.next),
  });
}

export function decodeUpdate(text: string): Result<Update> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `Update: not JSON: ${shown(text)}.`);
  }
  const u = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  if (u.kind === 'facts' && Array.isArray(u.partitions)) return ok(raw as FactsUpdate);
  const named = typeof u.metric === 'string' && typeof u.version === 'number';
  if (named && u.kind === 'backfilled' && typeof u.part === 'string') return ok(raw as BackfilledUpdate);
  if (!named || u.kind !== 'cells')
    return refuse('wrong_type', `Update: expected cells, facts or backfilled, got ${shown(raw)}.`);
  return decodeCells(u);
}

function decodeCells(u: Record<string, unknown>): Result<CellsUpdate> {
  const columns = ['pane', 'group', 'part', 'nums', 'keys', 'counts', 'next'].map((name) => u[name]);
  const length = Array.isArray(u.pane) ? u.pane.length : -1;
  if (!columns.every((c) => Array.isArray(c) && c.length === length)) {
    return refuse('wrong_type', 'Update: the columns of a cells record must be arrays of one length.');
  }
  const [pane, group, part, nums, keys, counts, next] = columns as [
    number[],
    string[][],
    string[],
    number[][],
    number[][],
    number[][],
    number[],
  ];
  const cells = pane.map((p, i) => ({
    pane: p,
    group: group[i]!,
    part: part[i]!,
    state: { nums: nums[i]!, keys: keys[i]!, counts: counts[i]! },
    next: next[i]!,
  }));
  const received = typeof u.received === 'number' ? u.received : null;
  return ok({
    kind: 'cells',
    metric: u.metric as string,
    version: u.version as number,
    received,
    cells,
  });
}
