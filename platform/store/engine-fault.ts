import { MillraceError } from '#contracts/errors.ts';

/**
 * ClickHouse error codes that no retry mends: the statement or its types are wrong. All others (memory, disk,
 * too many parts, timeouts, a server that is away) may pass.
 */
const WRONG_STATEMENT = new Set([
  6, 10, 15, 16, 20, 27, 35, 36, 41, 42, 43, 44, 46, 47, 49, 50, 53, 60, 62, 63, 70, 72, 81, 115, 117, 130,
  170, 179, 184, 190, 215, 352, 386, 407,
]);

/** The engine's refusal as a coded error, with the engine's own text. */
export function engineFault(error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const own = (error as { code?: unknown } | null)?.code;
  const code = Number(/Code: (\d+)/.exec(message)?.[1] ?? own);
  return new MillraceError(
    { code: WRONG_STATEMENT.has(code) ? 'internal' : 'store_unavailable', message },
    { cause: error },
  );
}
