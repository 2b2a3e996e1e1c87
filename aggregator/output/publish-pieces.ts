import { encodeUpdate, type PartitionProgress } from '#contracts/log/update.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { encodeCells, joinUpdates } from '../core/encode-updates.ts';
import type { Publication, PublicationBounds } from '../core/publication.ts';
import { type Owner, progressOf } from '../owner.ts';

/** Most states of a piece, which is appended before the next one is drained. */
const PIECE: PublicationBounds = { cells: 2_000, bytes: 2_000_000 };

/** What a partition had changed as a publication began: what changes meanwhile comes with the next. */
interface Due {
  owner: Owner;
  left: number;
}

type Append = (texts: readonly string[]) => Promise<void>;

/**
 * Appends what has changed in these partitions piece by piece, and the facts after the last; returns the total length.
 * Rejects when an append does: nothing of that piece counts as published then, and no facts are appended.
 */
export async function publishPieces(owners: readonly Owner[], now: number, append: Append): Promise<number> {
  const due: Due[] = [];
  // The facts are read before the states are drained: states may be ahead of the facts, never behind.
  const partitions: PartitionProgress[] = [];
  for (const owner of owners) {
    const left = await owner.turns.run(() => {
      partitions.push(progressOf(owner, now));
      return owner.live.changed;
    });
    due.push({ owner, left });
  }
  const facts = partitions.length === 0 ? [] : [encodeUpdate({ kind: 'facts', partitions })];
  let length = 0;
  do length += await publishPiece(due, facts, append);
  while (isLeft(due));
  return length;
}

const isLeft = (due: readonly Due[]): boolean => due.some(({ left }) => left > 0);

/** Appends the next piece, and the facts with the last. On any failure its drained changes are put back. */
async function publishPiece(due: readonly Due[], facts: readonly string[], append: Append): Promise<number> {
  const publications: Publication[] = [];
  try {
    await drainPiece(due, publications);
    const texts: string[] = [];
    for (const update of joinUpdates(publications.flatMap((p) => p.updates)))
      texts.push(...(await runInTurns(encodeCells(update))));
    if (!isLeft(due)) texts.push(...facts);
    if (texts.length > 0) await append(texts);
    for (const publication of publications) publication.acknowledge();
    return texts.reduce((sum, text) => sum + text.length, 0);
  } catch (error) {
    for (const publication of publications) publication.putBack();
    throw error;
  }
}

/** Drains what is due, one partition after the other, until the piece is full. */
async function drainPiece(due: readonly Due[], publications: Publication[]): Promise<void> {
  let room = PIECE.cells;
  for (const each of due) {
    if (each.left === 0 || room === 0) continue;
    const { live, turns } = each.owner;
    const cells = Math.min(each.left, room);
    const publication = await turns.run(() => live.drainUpdates({ ...PIECE, cells }));
    publications.push(publication);
    room -= publication.cells;
    each.left = publication.cells === 0 ? 0 : each.left - publication.cells;
  }
}
