import process from 'node:process';

/** What the types leave out of a process's report. */
interface Report {
  excludeNetwork: boolean;
  getReport(): { userLimits?: { open_files?: { soft: number | string } } };
}

/** How many files and sockets this process may have open at once; null where the system sets no limit. */
export function openFileLimit(): number | null {
  const report = process.report as unknown as Report;
  const { excludeNetwork } = report;
  // Or it would look up the names of all peers.
  report.excludeNetwork = true;
  const soft = Number(report.getReport().userLimits?.open_files?.soft);
  report.excludeNetwork = excludeNetwork;
  return Number.isFinite(soft) ? soft : null;
}
