import type { ArchiveRow, CommitRow, KeyUse, PaneRow, RollUpMark, WindowRow } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { Tier } from '#contracts/metric/tier.ts';
import type { View } from '#contracts/view/view.ts';
import type { StoreWindows } from '#contracts/view/windows.ts';
import type { EventQuery, StoredEventPage } from './event-query.ts';
import type { EventSamples } from './event-samples.ts';
import type { Expiry } from './expiry.ts';
import type { AddedScope, BackfillScope, SqlFoldScope } from './fold-scopes.ts';
import type { GroupCounts, GroupQuery, TooManyEvents } from './group-query.ts';
import type { JudgedReads } from './judged-events.ts';
import type { PreviewTally } from './preview-tally.ts';
import type { StoredPoint, StoredPoints } from './stored-points.ts';

export type { EventSample, NameSpan } from './event-samples.ts';
export type { Expiry, PaneExpiry } from './expiry.ts';
export type { AddedScope, BackfillScope, FoldCaps, SqlFoldScope } from './fold-scopes.ts';
export { DISTINCT_ERROR, type GroupSource } from './group-query.ts';
export type { PreviewTally } from './preview-tally.ts';
export { type FaultScope, StoreFault } from './store-fault.ts';

/** Which rows of a metric version a reader wants: panes in [from, to). */
export interface PaneRange {
  metric: string;
  version: number;
  from: number;
  to: number;
}

/** A part of a range in the order of its rows: at most `limit` of those behind `after`. Without them it is all. */
export interface PanePage extends PaneRange {
  after?: Pick<PaneRow, 'pane' | 'group' | 'part'>;
  limit?: number;
}

/** The groups of a view that are shown by themselves. All others are merged into `others`; with null they are not shown. */
export interface ShownGroups {
  groups: readonly (readonly string[])[];
  others: readonly string[] | null;
}

/**
 * Pane rows merged into windows: panes that start in [from, to), each in every window that holds its start (none, one or
 * many), and which part of the rows as above. A window may reach beyond the range: it is then merged of what is in it.
 */
export interface WindowRange {
  metric: Metric;
  version: number;
  from: number;
  to: number;
  view: Pick<View, 'groupBy' | 'where'> & { windows: StoreWindows; shown?: ShownGroups };
  /** Merged states, which can be merged further, or what gives their values (`reduced` of the aggregate; the state where it has none). */
  form: 'state' | 'reduced';
  /** Only windows that start in [from, to): of overlapping ones many may reach into the range that nobody asks for. */
  starts?: { from: number; to: number };
  after?: Pick<WindowRow, 'window' | 'group'>;
  limit?: number;
}

/** How much a read of a range would have to look at, never too low. */
export interface PaneCount {
  rows: number;
  /** Groups, as the metric has them. An estimate. */
  groups: number;
  /** Numbers of the largest state. */
  largest: number;
}

/** What remains of an id for de-duplication: (key, id) and where and when its first copy was. */
export interface StoredId {
  key: string | null;
  id: string;
  offset: number;
  index: number;
  ts: number;
}

/** What was removed from the archive. */
export interface ErasedEvents {
  events: number;
  /** The names of these events, sorted. */
  names: string[];
}

/** The beginning of a range's rows. */
export interface PaneSpan {
  /** Start of the first pane. */
  first: number;
  /** Start of the pane whose rows end what was counted. */
  last: number;
  /** Whether it is all: no row lies behind `last`. */
  whole: boolean;
}

/** A range as a reader tells its panes apart: `align` (ms) divides every boundary that matters to it, counted from the epoch. */
export interface TierRange extends PaneRange {
  align: number;
}

/** A row of a range, from whatever tier: what it holds of a group and part from `pane` on. */
export type TierRow = Pick<PaneRow, 'pane' | 'group' | 'part' | 'state'>;

/** Coarse panes of a metric version that are made of finer ones: those in [from, to), multiples of the tier's size. */
export interface RollUp {
  metric: Pick<Metric, 'id' | 'aggregate'>;
  version: number;
  /** Each part is merged by itself, under its own name. */
  parts: readonly string[];
  tier: Tier;
  /** What they are merged from: a finer tier, or the metric's own panes. */
  source: Tier['name'] | 'pane';
  from: number;
  to: number;
}

/** How large the fold of a range would be. */
export interface PreviewSize extends PaneCount {
  /** Numbers of all states together. */
  numbers: number;
  /** Start of the first pane; null without panes. */
  first: number | null;
}

/** What a range holds for a definition: found without folding it. */
export interface PreviewSurvey {
  tally: PreviewTally;
  /** Rows that the fold would have without caps. */
  rows: number;
  /** Start of the first pane of a counted event; null without one. */
  first: number | null;
  /** Groups in the fullest unit of a partition, of imported events and of others each. */
  crowd: number;
  /** Hashes of groups, each once: all of them, or as many as `MOST_HASHES`. */
  groups: number[];
}

/** Groups of a survey that are told apart. */
export const MOST_HASHES = 10_000;

/** Reads of a metric version that was never saved, as if it had been: the SQL fold of archive rows, in each range that is asked for. */
export interface PreviewReads extends Pick<Store, 'readPanes'> {
  /** Archived events of the definition's names, whatever else it says; cheap, and copies may count more than once. */
  countNamed(from: number, to: number): Promise<number>;
  /** What became of the archived events of a range that fit the definition's names and filter, and what they would be folded into. */
  survey(range: { from: number; to: number; unit: number }): Promise<PreviewSurvey>;
  /** Folds a range to see how large that is. */
  measure(from: number, to: number): Promise<PreviewSize>;
  /**
   * As the Store reads windows. `unit` (ms), a multiple of the pane that divides every start and end of a window: panes of a unit are folded
   * as one, in much less time. It gives the same where no unit has more groups than a pane has places (`crowd` of a survey).
   */
  readWindows(range: WindowRange & { unit?: number | undefined }): Promise<WindowRow[]>;
  /** Whether an event before a time is counted. */
  hasBefore(time: number): Promise<boolean>;
  /** Where archived events of the definition's names are that came since: cheap, since it looks at these alone. */
  readArrivals(since: Arrivals): Promise<number[]>;
}

/** Which archived events came since a read, and how their times are told. */
interface Arrivals {
  /** The bounds of that read: what is at them and above, and below those of this one, has come. */
  after: BackfillScope['partitions'];
  /** Starts of steps of this many ms from the epoch on, each once, ascending: those with events in [from, to), the first `limit`. */
  step: number;
  from: number;
  to: number;
  limit: number;
}

/**
 * The Store: panes, archived events and commits in ClickHouse. One implementation of SQL and rows over a small
 * connection (`engine-connection.ts`) with two adapters: chDB sessions in process, the official client over HTTP.
 * Every call rejects with MillraceError `store_unavailable` when the engine does not answer; the caller decides on retries.
 * A refused insert says by its `scope` (StoreFault) what it is about; a part of its rows may have gone in.
 * All inserts may be repeated: rows with equal identity replace each other by `next` or position.
 */
export interface Store extends JudgedReads, EventSamples {
  /** Creates or upgrades the tables, in order, each step once. Refuses a newer schema (`unsupported_format`). */
  migrate(): Promise<void>;

  /** Durable when resolved. Of rows with equal (metric, version, pane, group, part) the highest `next` holds. */
  insertPanes(rows: readonly PaneRow[]): Promise<void>;
  /** Durable when resolved. Unique by (part, offset, index), also when inserted again. */
  insertEvents(rows: readonly ArchiveRow[]): Promise<void>;
  /** Durable when resolved. Of one partition's rows the highest `next` holds: a zombie's older commit changes nothing. */
  insertCommits(rows: readonly CommitRow[]): Promise<void>;

  /** The commit row of every partition that has one, ascending. */
  readCommits(): Promise<CommitRow[]>;
  /** Rows of one source partition for restore: panes of the metric version that start at `from` or later. */
  readPartitionPanes(part: string, metric: string, version: number, from: number): Promise<PaneRow[]>;
  /** The newest `limit` ids by position among archive rows of the partition below `before` with ts > `after`, oldest first. Rows without an id are left out. */
  readIds(partition: number, before: number, after: number, limit: number): Promise<StoredId[]>;
  /** Points of events that were neither imported nor late and are within the bounds of sequences, in the order of the log. */
  readPoints(scope: StoredPoints): Promise<StoredPoint[]>;
  /** The metric versions that have panes, in any part and tier. */
  readVersions(): Promise<{ metric: string; version: number }[]>;
  /** All parts' rows of a range, for readers; not merged. By pane, group and part. */
  readPanes(page: PanePage): Promise<PaneRow[]>;
  /**
   * The rows of a range merged by the aggregate into windows and groups. By
   * window and group; groups that the view does not show are merged into one row, which comes first, and only of those that hide events from it.
   * What a partition has before it commits for the first time may be left out, here and in `countPanes` and `readTiers`.
   */
  readWindows(range: WindowRange): Promise<WindowRow[]>;
  /** Looks at what a read of the range would look at, so that it can be refused before it begins. `align` as for tiers; without it the metric's own panes are counted. */
  countPanes(range: PaneRange & { align?: number }): Promise<PaneCount>;
  /** Start of the first pane of a metric version, epoch ms, as fine as it is known; null without panes. */
  readBegin(metric: string, version: number): Promise<number | null>;
  /** Time of the earliest archived event, epoch ms; null without events. */
  readArchiveBegin(): Promise<number | null>;
  /** Number of archived events, 0 on an empty Store. */
  countEvents(): Promise<number>;
  /**
   * Archived events, newest first: descending by their own time, then by partition, offset and index. No two share that place and none
   * changes it, so pages that go on from each other's `next` neither skip nor repeat an event that was there before the first of them, whatever
   * is inserted meanwhile. A page may have fewer events than its limit, even none, though others follow.
   */
  readEvents(query: EventQuery): Promise<StoredEventPage>;
  /** Counts a metric's events of a range by what became of their groups (rule 6), unless they are too many. Names that are `__other__` themselves, or too long, are told of none. */
  countGroups(query: GroupQuery): Promise<GroupCounts | TooManyEvents>;
  /** Whether it holds events whose id does not begin with the prefix; an event without an id counts. */
  hasEventsBeside(idPrefix: string): Promise<boolean>;

  /**
   * The same fold as the engine's, in SQL, over unique archive rows of the scope that were neither imported nor late
   * (`ts + lateness > watermark`): what the rows of `part` must equal (rule 4). Groups beyond the cap, ranked by first
   * position per pane and level, lose dimensions to `__other__` and are merged (rule 6). `part` of the result is the partition as text, `next` is `before`.
   */
  runSqlFold(scope: SqlFoldScope): Promise<PaneRow[]>;
  /** Runs the SQL fold of each partition inside the Store and keeps its rows under part `~partition` with `next` = `before`. Can be run again. */
  backfill(scope: BackfillScope): Promise<void>;
  /**
   * The same for added events, under part `+partition`, with the higher of the two bounds as `next`. Writes the panes of those hours
   * into which a new one falls, each hour whole: all panes that begin in it. Nothing where the aggregate is one of sequences, in which they
   * have no place.
   */
  fillAdded(scope: AddedScope): Promise<void>;

  /** Reads what a back-fill and a fill of imported events would write, which is merged under the parts of the back-fill. */
  preview(scope: BackfillScope): PreviewReads;

  /**
   * Makes coarse rows (rule 5): the merge of the finer rows of a part and group in each coarse pane, `next` the highest of theirs.
   * Can be run again: what is made of the same rows is equal. Durable when resolved.
   */
  rollUp(rollUps: readonly RollUp[]): Promise<void>;
  /** Durable when resolved. Only of what is rolled up already. */
  insertMarks(marks: readonly RollUpMark[]): Promise<void>;
  /** The marks of all metric versions, or of one. */
  readMarks(of?: { metric: string; version: number }): Promise<RollUpMark[]>;
  /** How a metric version's rows lie in [from, to), of a tier or its own panes, of all parts; null without any. Never counts more than `rows`. */
  readPaneSpan(range: PaneRange, tier: Tier['name'] | 'pane', rows: number): Promise<PaneSpan | null>;
  /**
   * All parts' rows of a range, each pane once, from the coarsest tiers that are marked and that `align` allows. What such a row
   * holds lies between two neighbouring boundaries, so that merges over them are those of the panes. By pane, group and part.
   */
  readTiers(range: TierRange): Promise<TierRow[]>;

  /**
   * Removes the archived events of a key, every copy: whoever reads afterwards does not find them. The files that hold them are written
   * anew by the engine's next merge of them, at the latest dropped with the retention. Can be run again.
   */
  eraseEvents(key: string): Promise<ErasedEvents>;
  /** Durable when resolved. Of one key's uses the latest holds, in whatever order they come. */
  insertKeyUses(uses: readonly KeyUse[]): Promise<void>;
  /** The last use of every key that has one, by key. */
  readKeyUses(): Promise<KeyUse[]>;
  /** Removes what is older than the retentions. */
  expire(expiry: Expiry): Promise<void>;

  close(): Promise<void>;
}
