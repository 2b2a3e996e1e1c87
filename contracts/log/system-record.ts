import type { Schema, Static } from '../schema/schema.ts';

const TEXT = { type: 'string' } as const satisfies Schema;
const NUMBER = { type: 'number' } as const satisfies Schema;
const FIGURES = { type: 'object', additionalProperties: NUMBER } as const satisfies Schema;

/** What a process holds on behalf of others, and how much it may hold at most. */
const BUDGET = {
  type: 'object',
  required: ['name', 'unit', 'setting', 'most', 'used', 'refused'],
  properties: {
    name: TEXT,
    unit: { enum: ['bytes', 'count'] },
    // The setting that bounds it.
    setting: TEXT,
    most: NUMBER,
    used: NUMBER,
    // How often something was refused because of it, since the process began.
    refused: NUMBER,
  },
} as const satisfies Schema;

/** What an operator should know of a process that works. It names no metric, event, key or caller. */
export const WARNING = {
  type: 'object',
  required: ['code', 'message', 'since'],
  properties: { code: TEXT, message: TEXT, since: { type: 'number', description: 'Since when, epoch ms' } },
} as const satisfies Schema;

/** A metric version whose back-fill has failed so far and is retried. */
const BACKFILL_FAILURE = {
  type: 'object',
  required: ['metric', 'version', 'partitions', 'attempts', 'since', 'next', 'code', 'message'],
  properties: {
    metric: TEXT,
    version: NUMBER,
    // Partitions in which it fails.
    partitions: NUMBER,
    attempts: NUMBER,
    // First failure, epoch ms.
    since: NUMBER,
    // When it is tried again, epoch ms.
    next: NUMBER,
    code: TEXT,
    message: TEXT,
  },
} as const satisfies Schema;

/** A record of the `system` topic: every process writes one a second. Totals since its start; readers take differences. */
export const SYSTEM_RECORD = {
  type: 'object',
  required: ['process', 'part', 'time', 'totals', 'gauges'],
  properties: {
    // Random per process start, so that totals of a restarted process are not taken for a fall.
    process: TEXT,
    part: { enum: ['ingest', 'aggregator', 'gateway'] },
    // Epoch ms.
    time: NUMBER,
    totals: FIGURES,
    gauges: FIGURES,
    // Of the process, not of the part: where several parts share one process, only one of them reports these.
    budgets: { type: 'array', items: BUDGET },
    warnings: { type: 'array', items: WARNING },
    // Of aggregators: metrics whose back-fill fails, no more than a record may hold.
    backfills: { type: 'array', items: BACKFILL_FAILURE },
    // When keys were last used in this process, epoch ms by key id: those used since it last said so, once a minute at most.
    keyUses: FIGURES,
  },
} as const satisfies Schema;

export type SystemRecord = Static<typeof SYSTEM_RECORD>;
export type BudgetFigures = Static<typeof BUDGET>;
export type Warning = Static<typeof WARNING>;
export type BackfillFailure = Static<typeof BACKFILL_FAILURE>;

/** What a part reports about itself in its record. */
export type PartFigures = Pick<SystemRecord, 'totals' | 'gauges' | 'backfills'>;
