import { ok, type Result, refuse, shown } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { readAs } from '../schema/read-as.ts';
import type { Schema, Static } from '../schema/schema.ts';
import type { PaneRow } from './rows.ts';

const TEXT = { type: 'string' } as const satisfies Schema;
const WHOLE = { type: 'integer' } as const satisfies Schema;
const TIME = { type: ['number', 'null'] } as const satisfies Schema;
const NUMBERS = { type: 'array', items: { type: 'number' } } as const satisfies Schema;

/** One record of the `updates` topic, as it is written. An aggregator's tick appends its `cells` records first and then one `facts` record. */
export const UPDATE = {
  expected: 'cells, facts or backfilled',
  anyOf: [
    {
      type: 'object',
      required: ['kind', 'metric', 'version', 'pane', 'group', 'part', 'nums', 'keys', 'counts', 'next'],
      properties: {
        kind: { const: 'cells' },
        metric: TEXT,
        version: WHOLE,
        received: TIME,
        // Columns, one item a cell: a quarter of the size of one object a cell.
        pane: { type: 'array', items: WHOLE },
        group: { type: 'array', items: { type: 'array', items: TEXT } },
        part: { type: 'array', items: TEXT },
        nums: { type: 'array', items: NUMBERS },
        keys: { type: 'array', items: NUMBERS },
        counts: { type: 'array', items: NUMBERS },
        next: { type: 'array', items: WHOLE },
      },
    },
    {
      type: 'object',
      required: ['kind', 'partitions'],
      properties: {
        kind: { const: 'facts' },
        partitions: {
          type: 'array',
          items: {
            type: 'object',
            required: ['partition', 'next', 'committed', 'watermark', 'asOf', 'shown'],
            properties: {
              partition: WHOLE,
              // Offset after the last folded block.
              next: WHOLE,
              // The committed offset: `next` of the last acknowledged commit row.
              committed: WHOLE,
              watermark: TIME,
              // Up to when the partition's results are complete: the clock read before a `bounds` call that showed the log's
              // end = next, else `received` of the last folded block; null before either.
              asOf: TIME,
              // What readers see as its watermark: `asOf` when caught up and idle for 2 s, else the watermark (rule 2).
              shown: TIME,
            },
          },
        },
      },
    },
    {
      type: 'object',
      required: ['kind', 'metric', 'version', 'part', 'activation'],
      properties: {
        kind: { const: 'backfilled' },
        metric: TEXT,
        version: WHOLE,
        // "~3" for the back-fill of partition 3, "+3" for its imported and late events.
        part: TEXT,
        // The `next` of the rows: of a back-fill the activation.
        activation: WHOLE,
      },
    },
  ],
} as const satisfies Schema;

type Written = Static<typeof UPDATE>;
type Columns = Extract<Written, { kind: 'cells' }>;

/** How far partitions are; also the heartbeat, once a second when nothing else moves. */
export type FactsUpdate = Extract<Written, { kind: 'facts' }>;
export type PartitionProgress = FactsUpdate['partitions'][number];

/** A fill of one partition is in the Store: readers read the metric's older range again. */
export type BackfilledUpdate = Extract<Written, { kind: 'backfilled' }>;

/** New states of one metric version: whole states, versioned by `next`; newer replaces older, so repeats are harmless. */
export interface CellsUpdate {
  kind: 'cells';
  metric: string;
  version: number;
  /** Oldest receipt newly included since the last publish, epoch ms; null on replays. */
  received: number | null;
  cells: Pick<PaneRow, 'pane' | 'group' | 'part' | 'state' | 'next'>[];
}

export type Update = CellsUpdate | FactsUpdate | BackfilledUpdate;

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
  } satisfies Columns);
}

/** Reads a record of the topic; refuses what another program wrote there, and says what was expected. */
export function decodeUpdate(text: string): Result<Update> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `Update: not JSON: ${shown(text)}.`);
  }
  if (isColumns(raw)) return readColumns(raw);
  const read = readAs(UPDATE, raw, { code: 'wrong_type', of: 'Update' });
  if (!read.ok) return read;
  return read.value.kind === 'cells' ? readColumns(read.value) : ok(read.value);
}

function readColumns(columns: Columns): Result<CellsUpdate> {
  const { metric, version, received = null, pane, group, part, nums, keys, counts, next } = columns;
  const others = { group, part, nums, keys, counts, next };
  for (const [name, column] of Object.entries(others)) {
    if (column.length !== pane.length)
      return refuse(
        'wrong_type',
        `Update: ${name}: expected ${pane.length} items, as pane has, got ${column.length}.`,
        name,
      );
  }
  const cells = pane.map((start, i) => ({
    pane: start,
    group: group[i]!,
    part: part[i]!,
    state: { nums: nums[i]!, keys: keys[i]!, counts: counts[i]! },
    next: next[i]!,
  }));
  return ok({ kind: 'cells', metric, version, received, cells });
}

/**
 * Whether the schema accepts a value as columns, without walking the schema: that walk costs a quarter of what a gateway
 * spends on a record, and these records carry the changes of all metrics.
 */
export function isColumns(raw: unknown): raw is Columns {
  if (!isRecord(raw) || raw.kind !== 'cells') return false;
  const { metric, version, received, pane, group, part, nums, keys, counts, next } = raw;
  return (
    isText(metric) &&
    isWhole(version) &&
    (received === undefined || received === null || isNumber(received)) &&
    isListOf(pane, isWhole) &&
    isListOf(group, areTexts) &&
    isListOf(part, isText) &&
    isListOf(nums, areNumbers) &&
    isListOf(keys, areNumbers) &&
    isListOf(counts, areNumbers) &&
    isListOf(next, isWhole)
  );
}

const isNumber = (value: unknown): boolean => typeof value === 'number';
const isText = (value: unknown): boolean => typeof value === 'string';
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value);
const areNumbers = (value: unknown): boolean => isListOf(value, isNumber);
const areTexts = (value: unknown): boolean => isListOf(value, isText);
const isListOf = (value: unknown, is: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(is);
