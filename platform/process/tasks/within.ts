import { setTimeout as wait } from 'node:timers/promises';
import { type Fault, MillraceError } from '#contracts/errors.ts';

/** Resolves and rejects as `work` does, or rejects with the fault after `ms`. The work itself goes on; its outcome is lost then. */
export async function within<T>(work: Promise<T>, ms: number, fault: Fault): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new MillraceError(fault)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for the work, but no longer than `ms`; rejects if it fails before. The timer does not keep the process alive. */
export async function waitAtMost(work: Promise<unknown>, ms: number): Promise<void> {
  await Promise.race([work, wait(ms, undefined, { ref: false })]);
}
