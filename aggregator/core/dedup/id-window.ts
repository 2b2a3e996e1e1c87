import type { FoldSettings } from '#contracts/log/control.ts';
import type { IdBounds } from '#contracts/log/rows.ts';
import { SECOND } from '#contracts/text/duration.ts';
import { createIdTable } from './id-table.ts';

/**
 * The live ids of a partition (rule 3). An id is live while its first copy's time is above `bounds.after`, which
 * follows watermark − horizon, and its block is not below `bounds.from`, which rises when more than the cap are live.
 * Both bounds only rise and travel in the commit row, so what is remembered is a function of the log, restored or not.
 * For the cap an id counts until its whole second is dead: that can be counted without walking the ids.
 */
export interface IdWindow {
  /** Whether this is a first copy; it is remembered then. */
  addIfNew(a: number, b: number, ts: number): boolean;
  /** Ends a block: moves the bounds, and returns how many live ids the cap dropped. */
  closeBlock(offset: number, watermark: number | null, settings: FoldSettings): number;
  readonly bounds: IdBounds;
  /** Ids that count against the cap. */
  readonly live: number;
  /** First copies that were dead when they came: they are not remembered, so a repeat of them is a first copy again. */
  readonly notRemembered: number;
}

/** The time that `Store.readIds` must ask above, for the window to find everything that counts. */
export const readIdsAfter = (bounds: IdBounds): number =>
  bounds.after === null ? -1 : Math.floor(bounds.after / SECOND) * SECOND - 1;

export function createIdWindow(restored: IdBounds): IdWindow {
  const bounds: IdBounds = { ...restored };
  const table = createIdTable();
  const seconds = new Map<number, number>();
  // Ids of each block that still holds some, oldest first: the cap drops whole blocks, the atom.
  let blocks: { offset: number; end: number }[] = [];
  let head = 0;
  let live = 0;
  let notRemembered = 0;

  const secondOf = (ts: number): number => Math.floor(ts / SECOND);
  const oldestSecond = (): number => (bounds.after === null ? -Infinity : secondOf(bounds.after));
  const forgetBlock = (): void => {
    head++;
    if (head < 1_024 || head * 2 < blocks.length) return;
    blocks = blocks.slice(head);
    head = 0;
  };
  const dropOldestBlock = (): number => {
    const block = blocks[head]!;
    forgetBlock();
    const before = live;
    for (; table.first < block.end; table.shift()) {
      const second = secondOf(table.timeOf(table.first));
      const count = seconds.get(second);
      if (count === undefined) continue;
      live--;
      if (count === 1) seconds.delete(second);
      else seconds.set(second, count - 1);
    }
    bounds.from = Math.max(bounds.from, block.offset + 1);
    return before - live;
  };
  const raiseAfter = (after: number): void => {
    if (bounds.after !== null && after <= bounds.after) return;
    const moved = secondOf(after) !== oldestSecond();
    bounds.after = after;
    if (!moved) return;
    for (const [second, count] of seconds) {
      if (second >= oldestSecond()) continue;
      seconds.delete(second);
      live -= count;
    }
    while (table.first < table.end && secondOf(table.timeOf(table.first)) < oldestSecond()) table.shift();
  };
  /** Dead ids behind a live one are swept when they outnumber the live: each sweep frees half of the table. */
  const sweep = (): void => {
    if (table.end - table.first < table.capacity || live * 2 > table.capacity) return;
    const ends: number[] = [];
    let kept = table.first;
    let at = head;
    table.keep((entry) => {
      for (; at < blocks.length && entry >= blocks[at]!.end; at++) ends.push(kept);
      const wanted = secondOf(table.timeOf(entry)) >= oldestSecond();
      if (wanted) kept++;
      return wanted;
    });
    blocks = blocks.slice(head).map((block, i) => ({ offset: block.offset, end: ends[i] ?? kept }));
    head = 0;
  };
  return {
    addIfNew(a, b, ts) {
      const known = table.find(a, b);
      if (known >= 0 && (bounds.after === null || table.timeOf(known) > bounds.after)) return false;
      const second = secondOf(ts);
      if (second < oldestSecond()) {
        notRemembered++;
        return true;
      }
      sweep();
      table.push(a, b, ts);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
      live++;
      return true;
    },
    closeBlock(offset, watermark, settings) {
      const start = head < blocks.length ? blocks.at(-1)!.end : table.first;
      if (table.end > Math.max(start, table.first)) blocks.push({ offset, end: table.end });
      if (watermark !== null) raiseAfter(watermark - settings.horizon);
      while (head < blocks.length && blocks[head]!.end <= table.first) forgetBlock();
      let dropped = 0;
      while (live > settings.ids) dropped += dropOldestBlock();
      return dropped;
    },
    bounds,
    get live() {
      return live;
    },
    get notRemembered() {
      return notRemembered;
    },
  };
}
