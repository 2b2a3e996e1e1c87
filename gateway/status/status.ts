import type { SystemRecord, Warning } from '#contracts/log/system-record.ts';
import type { FillFailure } from '#contracts/view/backfill-progress.ts';
import type { Status } from '#contracts/view/protocol.ts';

/** Records kept of a process; its rates are computed over them. */
const RECORDS_PER_PROCESS = 6;
/** A process without a record for this long counts as gone. */
const SILENT_MS = 10_000;

/** What everybody who reads may know of a process. */
export type PublicRecord = Omit<SystemRecord, 'backfills' | 'keyUses'>;

/** The figures of all processes, from the `system` topic. Times are the records' own: clocks of processes agree well enough for a status bar. */
export class SystemStatus {
  readonly #processes = new Map<string, SystemRecord[]>();
  #accepted = 0;

  add(record: SystemRecord): void {
    const records = this.#processes.get(record.process) ?? [];
    const before = records.at(-1);
    if (record.part === 'ingest' && before !== undefined) {
      this.#accepted += Math.max(0, (record.totals.accepted ?? 0) - (before.totals.accepted ?? 0));
    }
    records.push(record);
    if (records.length > RECORDS_PER_PROCESS) records.shift();
    this.#processes.set(record.process, records);
    for (const [id, kept] of this.#processes) {
      if (kept.at(-1)!.time < record.time - 60 * SILENT_MS) this.#processes.delete(id);
    }
  }

  /** Events accepted since the first record that was seen. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Returns the newest record of every process that reports, without what names metrics and keys, which not every reader may know. */
  records(now: number): PublicRecord[] {
    return this.#newest(now).map(({ backfills: _, keyUses: __, ...record }) => record);
  }

  /** Returns why the back-fill of a metric version fails: the failure that has lasted longest; null where none is reported. */
  backfillFailure(metric: string, version: number, now: number): FillFailure | null {
    const failure = this.#newest(now)
      .flatMap(({ backfills = [] }) => backfills)
      .filter((reported) => reported.metric === metric && reported.version === version)
      .sort((a, b) => a.since - b.since)[0];
    if (failure === undefined) return null;
    const { code, message, attempts, next } = failure;
    return { code, message, attempts, next };
  }

  /** Returns the warnings of all processes, each code once. */
  warnings(now: number): Warning[] {
    const warnings = new Map<string, Warning>();
    for (const { warnings: reported = [] } of this.records(now)) {
      for (const warning of reported) if (!warnings.has(warning.code)) warnings.set(warning.code, warning);
    }
    return [...warnings.values()];
  }

  read(now: number): Pick<Status, 'ingestRate' | 'rejectedRate' | 'lateShare'> & { viewers: number } {
    const alive = this.#alive(now);
    const processesOf = (part: SystemRecord['part']) => alive.filter((records) => records[0]!.part === part);
    const events = total(processesOf('aggregator'), 'events');
    return {
      ingestRate: rate(processesOf('ingest'), 'accepted'),
      rejectedRate: rate(processesOf('ingest'), 'rejected'),
      lateShare:
        events === null || events === 0 ? null : (total(processesOf('aggregator'), 'late') ?? 0) / events,
      viewers: processesOf('gateway').reduce(
        (sum, records) => sum + (records.at(-1)!.gauges.viewers ?? 0),
        0,
      ),
    };
  }

  #newest(now: number): SystemRecord[] {
    return this.#alive(now).map((records) => records.at(-1)!);
  }

  #alive(now: number): SystemRecord[][] {
    return [...this.#processes.values()].filter((records) => records.at(-1)!.time >= now - SILENT_MS);
  }
}

function total(processes: SystemRecord[][], name: string): number | null {
  if (processes.length === 0) return null;
  return processes.reduce((sum, records) => sum + (records.at(-1)!.totals[name] ?? 0), 0);
}

function rate(processes: SystemRecord[][], name: string): number | null {
  if (processes.length === 0) return null;
  let sum = 0;
  for (const records of processes) {
    const [first, last] = [records[0]!, records.at(-1)!];
    const seconds = (last.time - first.time) / 1_000;
    if (seconds > 0) sum += ((last.totals[name] ?? 0) - (first.totals[name] ?? 0)) / seconds;
  }
  return sum;
}
