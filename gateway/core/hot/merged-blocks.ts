import type { Aggregate } from '#aggregates/aggregate.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { Steps } from '../steps.ts';
import { CELL_BYTES, STATE_BYTES, stateBytes } from './byte-estimates.ts';
import { type HotCell, mergeCell } from './hot-cell.ts';

/** The cells of a pane, or of a block of panes, by the key of their group. */
export type Cells = ReadonlyMap<string, HotCell>;

/** Where panes are found and how they are merged. */
export interface BlockSource {
  cellsOf(pane: number): Cells | undefined;
  aggregate: Aggregate;
  /** Length of a pane, ms. */
  pane: number;
  /** Length of a block, ms. */
  size: number;
}

interface Block {
  readonly merged: Map<string, HotCell>;
  /** Groups whose merge is missing, or older than their panes. */
  readonly stale: Map<string, readonly string[]>;
}

/**
 * The panes of a metric merged by aligned blocks, for all of its views: a window of many panes is the merge of its blocks
 * and of what is left at its ends. A block is merged on demand, and again only for groups that have changed since.
 */
export class MergedBlocks {
  /** Estimate of their memory. */
  bytes = 0;
  #size = 1;
  readonly #blocks = new Map<number, Block>();

  /** To be called when a state of the pane has changed. */
  changed(pane: number, { key, group }: HotCell): void {
    if (this.#blocks.size > 0) this.#blocks.get(floorTo(pane, this.#size))?.stale.set(key, group);
  }

  /** Drops the blocks below `from`: their panes are no longer held. */
  drop(from: number): void {
    for (const [start, block] of this.#blocks) {
      if (start >= from) continue;
      for (const cell of block.merged.values()) this.bytes -= bytesOf(cell);
      this.#blocks.delete(start);
    }
  }

  /** Returns the cells of a block as of the end of the steps. */
  *mergedCells(start: number, source: BlockSource): Steps<Cells> {
    this.#size = source.size;
    const block = this.#blocks.get(start) ?? this.#create(start, source);
    // A group that changes meanwhile is added again, and so visited again.
    for (const [key, group] of block.stale) {
      block.stale.delete(key);
      this.#keep(block, mergeBlock(start, { key, group }, source));
      yield;
    }
    return block.merged;
  }

  #create(start: number, { cellsOf, pane, size }: BlockSource): Block {
    const block: Block = { merged: new Map(), stale: new Map() };
    for (let at = start; at < start + size; at += pane)
      for (const { key, group } of cellsOf(at)?.values() ?? []) block.stale.set(key, group);
    this.#blocks.set(start, block);
    return block;
  }

  #keep({ merged }: Block, cell: HotCell): void {
    const before = merged.get(cell.key);
    if (before !== undefined) this.bytes -= bytesOf(before);
    this.bytes += bytesOf(cell);
    merged.set(cell.key, cell);
  }
}

function mergeBlock(
  start: number,
  { key, group }: Pick<HotCell, 'key' | 'group'>,
  { cellsOf, aggregate, pane, size }: BlockSource,
): HotCell {
  const merged = aggregate.create();
  for (let at = start; at < start + size; at += pane) {
    const cell = cellsOf(at)?.get(key);
    if (cell !== undefined) mergeCell(aggregate, merged, cell);
  }
  return {
    pane: start,
    key,
    group,
    parts: new Map([['', { state: aggregate.encode(merged), next: 0 }]]),
  };
}

function bytesOf({ key, parts }: HotCell): number {
  let bytes = CELL_BYTES + 2 * key.length;
  for (const { state } of parts.values()) bytes += STATE_BYTES + stateBytes(state);
  return bytes;
}
