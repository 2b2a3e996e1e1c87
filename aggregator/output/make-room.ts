import type { Shared } from '../deps.ts';
import type { Owner } from '../owner.ts';
import type { Flusher } from './flusher.ts';

/** Share of the bound to which states are reduced, so that the next event does not reach it again. */
const LEFT = 0.75;

/** Bytes of states in memory, and of what waits for the Store, in all partitions of a worker. */
export const stateBytesOf = ({ owners }: Shared): number =>
  sum(owners.values(), ({ live }) => live.sizes.stateBytes);
export const unstoredBytesOf = ({ owners }: Shared): number =>
  sum(owners.values(), ({ live }) => live.sizes.pendingBytes);

/** Waits until the bounds allow another block; until it is folded, the log delivers no more. */
export async function makeRoom(shared: Shared, owner: Owner, flusher: Flusher): Promise<void> {
  const { settings, closing } = shared;
  const isWaiting = (): boolean =>
    owner.live.sizes.pending >= settings.dirtyCells || unstoredBytesOf(shared) >= settings.unstoredBytes;
  while (isWaiting() && !closing.aborted) await flusher.nextCommit();
  if (leaveStates(shared) || owner.live.sizes.pending === 0) return;
  // What is left waits for the Store or for its readers; after a commit nothing does.
  await flusher.nextCommit();
  leaveStates(shared);
}

/** Drops states that the Store has where they exceed the bound. False where that is not enough. */
function leaveStates(shared: Shared): boolean {
  const { owners, settings } = shared;
  if (stateBytesOf(shared) <= settings.stateBytes) return true;
  for (const { live } of owners.values()) live.cool((settings.stateBytes * LEFT) / owners.size);
  return stateBytesOf(shared) <= settings.stateBytes;
}

function sum(owners: Iterable<Owner>, of: (owner: Owner) => number): number {
  let total = 0;
  for (const owner of owners) total += of(owner);
  return total;
}
