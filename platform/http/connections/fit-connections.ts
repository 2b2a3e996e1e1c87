import process from 'node:process';
import type { Logger } from '#platform/process/reporting/logger.ts';

/** Files that a process opens beside its connections: Log, Store, brokers. */
const FILES = 1_000;

/**
 * Returns the number of TCP connections that a process may have: `wanted`, or what its limit of open files allows, of which
 * at least half are for connections.
 */
export function fitConnections(wanted: number, logger: Logger, openFiles = openFileLimit()): number {
  if (openFiles === null || wanted + FILES <= openFiles) return wanted;
  const total = Math.min(wanted, Math.max(openFiles - FILES, Math.floor(openFiles / 2)));
  logger.warn(
    { openFiles, needed: wanted + FILES, connections: total },
    `open files limit (ulimit -n) of ${openFiles} is too low for MILLRACE_TCP_CONNECTIONS=${wanted}: accepting ${total} connections`,
  );
  return total;
}

/** What the types leave out of a process's report. */
interface Report {
  excludeNetwork: boolean;
  getReport(): { userLimits?: { open_files?: { soft: number | string } } };
}

/** How many files and sockets this process may have open at once; null where the system sets no limit. */
function openFileLimit(): number | null {
  const report = process.report as unknown as Report;
  const { excludeNetwork } = report;
  // Or it would look up the names of all peers.
  report.excludeNetwork = true;
  const soft = Number(report.getReport().userLimits?.open_files?.soft);
  report.excludeNetwork = excludeNetwork;
  return Number.isFinite(soft) ? soft : null;
}
