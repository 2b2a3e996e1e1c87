import { ok, type Result, refuse, shown } from '../errors.ts';
import { isRecord } from '../is-record.ts';
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
  /** The committed offset: `next` of the last acknowledged commit row. */
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

/** Reads a record of the topic; refuses what another program wrote there, and says what was expected. */
export function decodeUpdate(text: string): Result<Update> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `Update: not JSON: ${shown(text)}.`);
  }
  const u = recordOf(raw);
  if (u.kind === 'facts') return decodeFacts(u);
  const { metric, version } = u;
  const isNamed = typeof metric === 'string' && isNumber(version);
  if (isNamed && u.kind === 'backfilled') return decodeBackfilled(u, { metric, version });
  if (isNamed && u.kind === 'cells') return decodeCells(u, { metric, version });
  return refuse('wrong_type', `Update: expected cells, facts or backfilled, got ${shown(raw)}.`);
}

interface Named {
  metric: string;
  version: number;
}

function decodeFacts({ partitions }: Record<string, unknown>): Result<FactsUpdate> {
  const read = Array.isArray(partitions) ? partitions.map(readProgress) : [null];
  if (read.some((progress) => progress === null))
    return refuse(
      'wrong_type',
      'Update: the partitions of a facts record must be a list of partition, next, committed, watermark, asOf and shown.',
    );
  return ok({ kind: 'facts', partitions: read.filter((progress) => progress !== null) });
}

function readProgress(raw: unknown): PartitionProgress | null {
  const { partition, next, committed, watermark, asOf, shown: told } = recordOf(raw);
  if (!isNumber(partition) || !isNumber(next) || !isNumber(committed)) return null;
  if (!isTime(watermark) || !isTime(asOf) || !isTime(told)) return null;
  return { partition, next, committed, watermark, asOf, shown: told };
}

function decodeBackfilled(
  { part, activation }: Record<string, unknown>,
  named: Named,
): Result<BackfilledUpdate> {
  if (typeof part !== 'string' || !isNumber(activation))
    return refuse('wrong_type', 'Update: a backfilled record must have a part and an activation.');
  return ok({ kind: 'backfilled', ...named, part, activation });
}

function decodeCells(u: Record<string, unknown>, named: Named): Result<CellsUpdate> {
  const { pane, group, part, nums, keys, counts, next } = u;
  const length = Array.isArray(pane) ? pane.length : -1;
  if (
    !isListOf(pane, length, isNumber) ||
    !isListOf(group, length, areTexts) ||
    !isListOf(part, length, isText) ||
    !isListOf(nums, length, areNumbers) ||
    !isListOf(keys, length, areNumbers) ||
    !isListOf(counts, length, areNumbers) ||
    !isListOf(next, length, isNumber)
  )
    return refuse(
      'wrong_type',
      'Update: the columns of a cells record must be lists of one length: numbers for pane and next, texts for part, lists of texts for group, lists of numbers for nums, keys and counts.',
    );
  const cells = pane.map((start, i) => ({
    pane: start,
    group: group[i]!,
    part: part[i]!,
    state: { nums: nums[i]!, keys: keys[i]!, counts: counts[i]! },
    next: next[i]!,
  }));
  return ok({ kind: 'cells', ...named, received: isNumber(u.received) ? u.received : null, cells });
}

const recordOf = (raw: unknown): Record<string, unknown> => (isRecord(raw) ? raw : {});
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isText = (value: unknown): value is string => typeof value === 'string';
const isTime = (value: unknown): value is number | null => value === null || isNumber(value);
const areNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(isNumber);
const areTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isListOf = <T>(value: unknown, length: number, is: (item: unknown) => item is T): value is T[] =>
  Array.isArray(value) && value.length === length && value.every(is);
