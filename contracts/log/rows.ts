import type { State } from '../metric/state.ts';
import type { FoldSettings } from './control.ts';

/** One pane and group of one metric version from one source partition, as stored. Of rows with equal identity the highest `next` holds. */
export interface PaneRow {
  metric: string;
  version: number;
  /** Start of the pane, epoch ms. */
  pane: number;
  group: string[];
  /** Source partition as text: `"3"`, or `"~3"` for what a back-fill of partition 3 wrote. */
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
  /** Whether a group that was merged beyond the cap took part. */
  other: boolean;
  /** Whether a back-fill took part. */
  filled: boolean;
  state: State;
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
}

/**
 * Named groups a pane may have, by event time. A changed cap holds for panes that begin after every event seen before
 * the change: rows of older panes may be ahead of a commit, and must be folded again under the cap that made them.
 */
export interface GroupCaps {
  /** Highest timestamp seen, epoch ms; null before the first event. */
  latest: number | null;
  /** Ascending; a pane follows the last step whose `from` is not above its start. */
  steps: { from: number; groups: number }[];
}

/** A metric version that is active in a partition. */
export interface ActiveMetric {
  metric: string;
  version: number;
  /** Offset of the control block that started it (A): it folds what comes after. */
  activation: number;
  definition: Record<string, unknown>;
  /** Whether the back-fill of what came before A is in the Store. */
  backfilled: boolean;
}

/** What a partition must know to continue after the committed offset, apart from pane rows and archive rows (rule 0). */
export interface PartitionFacts {
  watermark: number | null;
  settings: FoldSettings;
  active: ActiveMetric[];
  /** The newest block ids by position, oldest first, at most 4,096. */
  blocks: string[];
  ids: IdBounds;
  caps: GroupCaps;
  counters: PartitionCounters;
}

/** Which archive rows still count for de-duplication; both bounds only rise, so that a restore finds what the fold held (rule 3). */
export interface IdBounds {
  /** Ids of blocks below this offset are forgotten: more live ones than the cap came after. */
  from: number;
  /** Ids whose first copy is not younger than this are dead, epoch ms; null while none is. */
  after: number | null;
}

/** Totals of a partition since the log began. */
export interface PartitionCounters {
  events: number;
  duplicates: number;
  repeatedBlocks: number;
  rejected: number;
  /** Events that were late for at least one metric. */
  late: number;
  /** Field of the wrong type, summed over metrics. */
  skipped: number;
}

export interface CommitRow {
  part: number;
  /** The committed offset (P in the rules): everything below it is in the Store. */
  next: number;
  /** The log's identity: a Store filled from another log is refused. */
  identity: string;
  facts: PartitionFacts;
}
