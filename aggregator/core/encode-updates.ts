import { MAX_BLOCK_BYTES } from '#contracts/block.ts';
import { type CellsUpdate, encodeUpdate } from '#contracts/update.ts';

/** Joins the changes of one tick by metric version: one record holds one metric's changes of all partitions. */
export function joinUpdates(updates: readonly CellsUpdate[]): CellsUpdate[] {
  const joined = new Map<string, CellsUpdate>();
  for (const update of updates) {
    const key = `${update.metric} ${update.version}`;
    const known = joined.get(key);
    if (known === undefined) {
      joined.set(key, { ...update, cells: [...update.cells] });
      continue;
    }
    for (const cell of update.cells) known.cells.push(cell);
    known.received = earlier(known.received, update.received);
  }
  return [...joined.values()];
}

/** The texts of a record's cells, halved until each is below the limit of a record; a single cell is never cut. */
export function encodeCells(update: CellsUpdate): string[] {
  const text = encodeUpdate(update);
  // UTF-16 units times three bounds the UTF-8 bytes.
  if (text.length * 3 <= MAX_BLOCK_BYTES || update.cells.length <= 1) return [text];
  const half = update.cells.length >> 1;
  return [update.cells.slice(0, half), update.cells.slice(half)].flatMap((cells) =>
    encodeCells({ ...update, cells }),
  );
}

const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
