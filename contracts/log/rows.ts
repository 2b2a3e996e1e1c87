import type { State } from '../metric/state.ts';
import type { Schema, Static } from '../schema/schema.ts';
import { FOLD_SETTINGS } from './control.ts';

/** One pane and group of one metric version from one source partition, as stored. Of rows with equal identity the highest `next` holds. */
export interface PaneRow {
  metric: string;
  version: number;
  /** Start of the pane, epoch ms. */
  pane: number;
  group: string[];
  /** Source partition as text: `"3"`, `"~3"` for what a back-fill of partition 3 wrote, `"+3"` for its imported and rebuilt events. */
  part: string;
  state: State;
  /** Offset after the last block folded into the state. */
  next: number;
}

/** All parts of some panes of a metric version, merged into one window and group of a view. */
export interface WindowRow {
  /** Start of the window, epoch ms. */
  window: number;
  /** Values of the view's groupBy dimensions; null for groups that it does not show, of which only `other` counts. */
  group: string[] | null;
  /** Whether a group took part that hides events from the view (`compileHiding`). */
  other: boolean;
  /** Whether rows took part that were filled in: of a back-fill, or of imported and late events. */
  filled: boolean;
  /** The merged state, or what remains of it to give its values: as the read asked. */
  state: State;
}

/**
 * Says of a metric version and partition that every row whose coarse pane ends at or before `upto` is in the tier: rows of
 * part `p`, `~p` and `+p`, except of a back-fill that has not been announced yet. Of equal identity the highest `upto` holds.
 */
export interface RollUpMark {
  metric: string;
  version: number;
  partition: number;
  /** Size of the tier's panes, ms. */
  tier: number;
  /** Epoch ms, a multiple of the size. */
  upto: number;
}

/** One event in the archive; unique by (part, offset, index). */
export interface ArchiveRow {
  part: number;
  offset: number;
  index: number;
  /** Block id; empty on foreign records. */
  block: string;
  /** Receipt, epoch ms. */
  received: number;
  /** The event's own time, epoch ms. */
  ts: number;
  /** The partition's watermark when the event's block was folded; null before the first block. */
  watermark: number | null;
  id: string | null;
  key: string | null;
  event: string;
  /** JSON text of the properties object. */
  properties: string;
  /** Whether it is history that was imported: no metric counts it under the partition itself (rule 4). */
  imported: boolean;
}

/** The part of a metric's panes that holds what a back-fill of the partition made of its older events. */
export const backfillPart = (partition: number): string => `~${partition}`;
/** The part of a metric's panes that holds imported events of the partition, and late ones after a rebuild. */
export const addedPart = (partition: number): string => `+${partition}`;
/** Whether rows of a part are written by the Store itself, and not published. */
export const isFilledIn = (part: string): boolean => part.startsWith('~') || part.startsWith('+');

const WHOLE = { type: 'integer' } as const satisfies Schema;
const TIME = { type: ['number', 'null'] } as const satisfies Schema;

/** How far the events are that a metric version's part `+partition` holds. */
const ADDED_FACTS = {
  type: 'object',
  required: ['groups', 'imports'],
  properties: {
    // Caps of groups and of their values, and whether by levels. Those of the first import or rebuild stay, so that a name that was given is kept.
    groups: { type: 'integer', minimum: 1 },
    valueLength: { type: 'integer', minimum: 1 },
    levels: { type: 'boolean' },
    // Offset below which all imported events are in its rows in the Store.
    imports: WHOLE,
    // The newest rebuild; absent while none was asked for.
    late: {
      type: 'object',
      required: ['request', 'below', 'filled'],
      properties: {
        // Offset of the record that asked for it, as the control block names it.
        request: WHOLE,
        // Offset after that block: events below it that were late count.
        below: WHOLE,
        // Offset below which they are in its rows in the Store.
        filled: WHOLE,
      },
    },
  },
} as const satisfies Schema;

/** What a partition must know to continue after the committed offset, apart from pane rows and archive rows (rule 0). */
export const PARTITION_FACTS = {
  type: 'object',
  required: ['watermark', 'settings', 'active', 'blocks', 'ids', 'caps', 'counters'],
  properties: {
    watermark: TIME,
    settings: FOLD_SETTINGS,
    // Metric versions that are active in the partition.
    active: {
      type: 'array',
      items: {
        type: 'object',
        required: ['metric', 'version', 'activation', 'definition', 'backfilled'],
        properties: {
          metric: { type: 'string' },
          version: WHOLE,
          // Offset of the control block that started it (A): it folds what follows.
          activation: WHOLE,
          definition: { type: 'object', additionalProperties: {} },
          // Whether the back-fill of what came before A is in the Store.
          backfilled: { type: 'boolean' },
          // Its imported and late events; absent while there was no import, and no rebuild was asked for.
          added: ADDED_FACTS,
        },
      },
    },
    // Offset after the last block of imported events; absent while there was none.
    imports: WHOLE,
    // The newest block ids by position, oldest first, at most 4,096.
    blocks: { type: 'array', items: { type: 'string' } },
    // Which archive rows still count for de-duplication; both bounds only rise, so that a restore finds what the fold held (rule 3).
    ids: {
      type: 'object',
      required: ['from', 'after'],
      properties: {
        // Ids of blocks below this offset are forgotten: more live ones than the cap came after.
        from: WHOLE,
        // Ids whose first copy is not younger than this are dead, epoch ms; null while none is.
        after: TIME,
      },
    },
    // Named groups a pane may have, by event time. A changed cap holds for panes that begin after every event seen before
    // the change: rows of older panes may be ahead of a commit, and must be folded again under the cap that made them.
    caps: {
      type: 'object',
      required: ['latest', 'steps'],
      properties: {
        // Highest timestamp seen, epoch ms; null before the first event.
        latest: TIME,
        // Ascending; a pane follows the last step whose `from` is not above its start.
        steps: {
          type: 'array',
          items: {
            type: 'object',
            required: ['from', 'groups'],
            properties: { from: { type: 'number' }, groups: WHOLE, levels: { type: 'boolean' } },
          },
        },
      },
    },
    // Totals of the partition since the log began.
    counters: {
      type: 'object',
      required: ['events', 'duplicates', 'repeatedBlocks', 'rejected', 'late', 'skipped'],
      properties: {
        events: WHOLE,
        duplicates: WHOLE,
        repeatedBlocks: WHOLE,
        rejected: WHOLE,
        // Events that were late for at least one metric.
        late: WHOLE,
        // Field of the wrong type, summed over metrics.
        skipped: WHOLE,
        // Of the events, those that were imported.
        imported: WHOLE,
      },
    },
  },
} as const satisfies Schema;

export type PartitionFacts = Static<typeof PARTITION_FACTS>;
export type ActiveMetric = PartitionFacts['active'][number];
export type IdBounds = PartitionFacts['ids'];
export type GroupCaps = PartitionFacts['caps'];
export type CapStep = GroupCaps['steps'][number];
export type PartitionCounters = PartitionFacts['counters'];

export interface CommitRow {
  part: number;
  /** The committed offset (P in the rules): everything below it is in the Store. */
  next: number;
  /** The log's identity: a Store filled from another log is refused. */
  identity: string;
  facts: PartitionFacts;
}

/** When a key was last used, epoch ms; of several for one key the latest holds. */
export interface KeyUse {
  key: string;
  used: number;
}
