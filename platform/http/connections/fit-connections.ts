import { openFileLimit } from '#platform/process/open-files.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';

/** Files that a process opens beside its connections: Log, Store, brokers. */
const FILES = 1_000;

/** How many TCP connections a process may have: as many as it should, or as many as its open files allow; half of them at least are for connections. */
export function fitConnections(wanted: number, logger: Logger, openFiles = openFileLimit()): number {
  if (openFiles === null || wanted + FILES <= openFiles) return wanted;
  const total = Math.min(wanted, Math.max(openFiles - FILES, Math.floor(openFiles / 2)));
  logger.warn(
    { openFiles, needed: wanted + FILES, connections: total },
    `open files limit (ulimit -n) of ${openFiles} is too low for MILLRACE_TCP_CONNECTIONS=${wanted}: accepting ${total} connections`,
  );
  return total;
}
