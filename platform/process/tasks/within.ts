import { type Fault, MillraceError } from '#contracts/errors.ts';

/** Resolves and rejects as `work` does, or rejects with the fault after so many ms. The work itself goes on: its outcome is nobody's then. */
export async function within<T>(work: Promise<T>, ms: number, fault: Fault): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new MillraceError(fault)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
