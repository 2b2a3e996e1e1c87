import { MAX_BLOCK_BYTES } from '#contracts/log/block.ts';
import { type CellsUpdate, encodeUpdate } from '#contracts/log/update.ts';
import { minKnown } from '#contracts/min-known.ts';

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
    known.received = minKnown(known.received, update.received);
  }
  return [...joined.values()];
}

/** Characters of one piece of work, about. */
const PIECE = 50_000;

/** The texts of an update's cells, in pieces that are each below the limit of a record. Yields between them. */
export function* encodeCells(update: CellsUpdate): Generator<void, string[]> {
  const texts: string[] = [];
  let from = 0;
  let size = 0;
  for (const [i, cell] of update.cells.entries()) {
    size += charactersOf(cell);
    if (size < PIECE && i + 1 < update.cells.length) continue;
    texts.push(...encodePiece({ ...update, cells: update.cells.slice(from, i + 1) }));
    from = i + 1;
    size = 0;
    yield;
  }
  return texts;
}

/** Of numbers of usual length. */
const charactersOf = ({ group, state }: CellsUpdate['cells'][number]): number =>
  group.reduce((sum, text) => sum + text.length, 40) +
  10 * (state.nums.length + state.keys.length + state.counts.length);

/** Halved until each is below the limit of a record; a single cell is never cut. */
function encodePiece(update: CellsUpdate): string[] {
  const text = encodeUpdate(update);
  // UTF-16 units times three bounds the UTF-8 bytes.
  if (text.length * 3 <= MAX_BLOCK_BYTES || update.cells.length <= 1) return [text];
  const half = update.cells.length >> 1;
  return [update.cells.slice(0, half), update.cells.slice(half)].flatMap((cells) =>
    encodePiece({ ...update, cells }),
  );
}
