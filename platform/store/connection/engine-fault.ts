import { MillraceError } from '#contracts/errors.ts';
import { type FaultScope, StoreFault } from '../store.ts';

/**
 * ClickHouse error codes that no retry mends: the statement, its rows or their types are wrong. All others (memory, disk,
 * too many parts, timeouts, a server that is away) may pass.
 */
const WRONG_STATEMENT = new Set([
  6, 10, 15, 16, 20, 25, 26, 27, 33, 35, 36, 38, 41, 42, 43, 44, 46, 47, 49, 50, 53, 60, 62, 63, 69, 70, 72,
  81, 115, 117, 128, 130, 131, 168, 170, 179, 184, 190, 215, 306, 321, 349, 352, 386, 407,
]);

/**
 * Codes that say something of the Store and nothing of the rows: files and disks (74 to 76, 243, 425), parts (252),
 * too many statements (202), time and network (159, 209, 210, 279), replicas and read-only tables (164, 225, 242, 285, 319, 999), a stop (236, 394).
 */
const WHOLE_STORE = new Set([
  74, 75, 76, 159, 164, 202, 209, 210, 225, 236, 242, 243, 252, 279, 285, 319, 394, 425, 999,
]);
/** The same, where the system's own words stand under a code that could mean anything. */
const SYSTEM_FULL =
  /No space left|Disk quota exceeded|Too many open files|Read-only file system|Input\/output error|Cannot allocate memory/i;

/** The engine's refusal as a coded error, with the engine's own text. */
export function engineFault(error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const own = (error as { code?: unknown } | null)?.code;
  const code = Number(/Code: (\d+)/.exec(message)?.[1] ?? own);
  const scope = scopeOf(code, message);
  return new StoreFault({ code: scope === 'rows' ? 'internal' : 'store_unavailable', message }, scope, {
    cause: error,
  });
}

function scopeOf(code: number, message: string): FaultScope {
  if (SYSTEM_FULL.test(message)) return 'store';
  if (WRONG_STATEMENT.has(code)) return 'rows';
  // Without a number nothing has answered.
  return WHOLE_STORE.has(code) || Number.isNaN(code) ? 'store' : 'unknown';
}
