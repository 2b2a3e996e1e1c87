import { MillraceError } from '#contracts/errors.ts';

/**
 * Why a process ends: one clear line for what is known, with `advice` on what to do behind it; the whole stack for a bug.
 */
export function explainEnd(error: unknown, advice = ''): string {
  if (error instanceof MillraceError) return `Millrace: ${error.message}${advice} (${error.code})`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Millrace: a fault in Millrace itself (internal)\n${stack}`;
}
