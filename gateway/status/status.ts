import type { SystemRecord, Warning } from '#contracts/log/system-record.ts';
import type { FillFailure } from '#contracts/view/backfill-progress.ts';
import type { Status } from '#contracts/view/protocol.ts';

/** Records of a process that are kept: what a rate is taken over. */
const KEPT = 6;
/** A process that says nothing for so long is gone, ms. */
const SILENT = 10_000;

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
    if (records.length > KEPT) records.shift();
    this.#processes.set(record.process, records);
    for (const [id, kept] of this.#processes) {
      if (kept.at(-1)!.time < record.time - 60 * SILENT) this.#processes.delete(id);
    }
  }

  /** Events accepted since the first record that was seen. */
  get accepted(): number {
    return this.#accepted;
  }

  /** The newest record of every part that reports, without what names metrics: not every reader may know of all. */
  records(now: number): Omit<SystemRecord, 'backfills'>[] {
    return this.#newest(now).map(({ backfills: _, ...record }) => record);
  }

  /** Why the history of a metric version is not in: the failure that has lasted longest; null where none is told. */
  fillFailure(metric: string, version: number, now: number): FillFailure | null {
    const told = this.#newest(now)
      .flatMap(({ backfills = [] }) => backfills)
      .filter((failure) => failure.metric === metric && failure.version === version)
      .sort((a, b) => a.since - b.since)[0];
    if (told === undefined) return null;
    const { code, message, attempts, next } = told;
    return { code, message, attempts, next };
  }

  /** What any process warns of, each code once. */
  warnings(now: number): Warning[] {
    const warnings = new Map<string, Warning>();
    for (const { warnings: told = [] } of this.records(now)) {
      for (const warning of told) if (!warnings.has(warning.code)) warnings.set(warning.code, warning);
    }
    return [...warnings.values()];
  }

  read(now: number): Pick<Status, 'ingestRate' | 'rejectedRate' | 'lateShare'> & { viewers: number } {
    const alive = this.#alive(now);
    const of = (part: SystemRecord['part']) => alive.filter((records) => records[0]!.part === part);
    const events = total(of('aggregator'), 'events');
    return {
      ingestRate: rate(of('ingest'), 'accepted'),
      rejectedRate: rate(of('ingest'), 'rejected'),
      lateShare: events === null || events === 0 ? null : (total(of('aggregator'), 'late') ?? 0) / events,
      viewers: of('gateway').reduce((sum, records) => sum + (records.at(-1)!.gauges.viewers ?? 0), 0),
    };
  }

  #newest(now: number): SystemRecord[] {
    return this.#alive(now).map((records) => records.at(-1)!);
  }

  #alive(now: number): SystemRecord[][] {
    return [...this.#processes.values()].filter((records) => records.at(-1)!.time >= now - SILENT);
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
