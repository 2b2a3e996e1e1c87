import type { BlockHeaders } from '#contracts/log/block.ts';
import type { ArchiveRow, CommitRow, PartitionFacts } from '#contracts/log/rows.ts';
import type { DecodedEvent } from './decode/decoded-block.ts';
import { type Flush, markStored } from './flush.ts';
import type { ActiveMetrics } from './fold/active-metrics.ts';

/** Where a partition's owner is. */
interface Position {
  readonly partition: number;
  /** Offset after the last folded block. */
  readonly nextOffset: number;
}

/**
 * What a partition holds that the Store may not have: archive rows, changed cells, changed facts. It all stays until
 * the commit row that covers it is acknowledged (rule 1).
 */
export class Unstored {
  /** Offset up to which the last acknowledged commit row covers the log; 0 before any. */
  committedOffset: number;
  readonly #identity: string;
  readonly #metrics: ActiveMetrics;
  #archive: ArchiveRow[] = [];
  #archiveBytes = 0;
  #flushing: Flush | null = null;
  #factsChanged = false;

  constructor(committed: number, identity: string, metrics: ActiveMetrics) {
    this.committedOffset = committed;
    this.#identity = identity;
    this.#metrics = metrics;
  }

  /** Rows of either table that wait. */
  get rows(): number {
    return this.#metrics.all().reduce((sum, cells) => sum + cells.dirty.length, this.#archive.length);
  }

  /** Approximate bytes in memory of the rows and states that wait. */
  get bytes(): number {
    return this.#metrics.all().reduce((sum, cells) => sum + cells.dirtyBytes, this.#archiveBytes);
  }

  /** The committed offset, and the archive rows from there on, which may not be stored. */
  get since(): { committed: number; rows: readonly ArchiveRow[] } {
    return { committed: this.committedOffset, rows: this.#archive };
  }

  archive(row: ArchiveRow): void {
    this.#archive.push(row);
    this.#archiveBytes += bytesOf(row);
  }

  /** Facts have changed in a way that only a commit row keeps. */
  noteFacts(): void {
    this.#factsChanged = true;
  }

  /** Captures the offset and everything that belongs to it; null when a flush is under way or there is nothing new. */
  begin(at: Position, captureFacts: () => PartitionFacts): Flush | null {
    const moved = at.nextOffset > this.committedOffset || this.#factsChanged;
    if (this.#flushing !== null || !moved) return null;
    const part = String(at.partition);
    const all = this.#metrics.all();
    const facts = captureFacts();
    const commit: CommitRow = { part: at.partition, next: at.nextOffset, identity: this.#identity, facts };
    this.#factsChanged = false;
    this.#flushing = {
      panes: all.flatMap((cells) => cells.dirty.map((cell) => cells.toRow(cell, part))),
      cells: all.flatMap((cells) => cells.dirty),
      archive: this.#archive.slice(),
      commit,
    };
    return this.#flushing;
  }

  /** The commit row is durable: what has not moved since is clean. */
  commit(): void {
    const flush = this.#flushing;
    if (flush === null) return;
    this.#flushing = null;
    markStored(flush);
    this.#metrics.dropClean();
    for (const row of flush.archive) this.#archiveBytes -= bytesOf(row);
    this.#archive = this.#archive.slice(flush.archive.length);
    this.committedOffset = flush.commit.next;
  }

  /** The flush failed: everything waits for the next one. */
  abandon(): void {
    this.#flushing = null;
    this.#factsChanged = true;
  }
}

/** The object, and its texts at a byte a character. */
const ROW_BYTES = 200;
const bytesOf = ({ properties, id, key, event }: ArchiveRow): number =>
  ROW_BYTES + properties.length + (id?.length ?? 0) + (key?.length ?? 0) + event.length;

/** The position of an event, and the watermark that decides whether it is late. */
export type ArchivePosition = Pick<ArchiveRow, 'part' | 'offset' | 'watermark'>;

/** The archive's row of an event: its own, and with the position that the fold orders ties by. */
export const archiveRow = (event: DecodedEvent, at: ArchivePosition, headers: BlockHeaders): ArchiveRow => ({
  part: at.part,
  offset: at.offset,
  index: event.index,
  block: headers.block ?? '',
  received: headers.received,
  ts: event.ts,
  watermark: at.watermark,
  id: event.id,
  key: event.key,
  event: event.event,
  properties: event.properties,
  imported: headers.imported,
});
