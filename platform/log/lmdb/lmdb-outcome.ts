import { setTimeout as wait } from 'node:timers/promises';
import { MillraceError } from '#contracts/errors.ts';

/** ms that the engine's own reason may come after the failure. */
const REASON_DELAY = 200;

/**
 * Waits for writes of one transaction; rejects with the engine's reason when it failed. lmdb rejects every write, and
 * beside them a promise of its own with the reason, which unless handled would end the process as an unhandled rejection.
 */
export async function awaitWrites(writes: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(writes);
  const failed = outcomes
    .filter((outcome) => outcome.status === 'rejected')
    .map(({ reason }) => reason as LmdbError);
  const [first] = failed;
  if (first === undefined) return;
  const reasons = failed.map(({ commitError }) => commitError?.catch((reason: Error) => reason));
  const reason = await Promise.race([reasons[0], wait(REASON_DELAY, undefined, { ref: false })]);
  throw reason ?? first;
}

/** LMDB's own codes begin here and go down; those that opening may raise mean that the file is not LMDB's, or not whole. */
const ENGINE_CODES = -30_700;

/**
 * What the system refused at the start, such as for want of space, as `log_unavailable`; what LMDB cannot read as `log_damaged`; a bug
 * stays one.
 */
export function cannotOpen(folder: string, cause: unknown): unknown {
  if (cause instanceof MillraceError || !(cause instanceof Error) || !('code' in cause)) return cause;
  if (typeof cause.code === 'number' && cause.code <= ENGINE_CODES)
    return new MillraceError(
      { code: 'log_damaged', message: `The log in ${folder} cannot be read: ${cause.message}.` },
      { cause },
    );
  const message = `The log in ${folder} cannot be opened: ${cause.message}.`;
  return new MillraceError({ code: 'log_unavailable', message }, { cause });
}

interface LmdbError extends Error {
  commitError?: Promise<Error>;
}
