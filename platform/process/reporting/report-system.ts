import type { BudgetFigures, PartFigures, SystemRecord, Warning } from '#contracts/log/system-record.ts';
import type { Log } from '#platform/log/log.ts';
import type { Clock } from '../clock.ts';
import { codeOf } from '../code-of.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export interface SystemReporterOptions {
  log: Log;
  part: SystemRecord['part'];
  /** This part's totals since its start and gauges now. */
  collect: () => Promise<PartFigures> | PartFigures;
  /** Given to only one part of a process: what concerns the process and not the part. */
  own?: { budgets: { report(): BudgetFigures[] }; warnings: { list(): Warning[] } };
  /** When keys were last used in this process, epoch ms by id; given where no other way leads to the gateways. */
  keyUses?: ReadonlyMap<string, number>;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Random per process start. */
  process: string;
  /** ms between two records; default one second. */
  every?: number;
}

/** How often the uses of keys are reported, ms. */
const USES_EVERY = 60_000;

/** Resolves when nothing is under way any more; idempotent. */
export interface SystemReporter {
  close(): Promise<void>;
}

/**
 * Appends a record of the part's figures to the `system` topic once a second, one at a time. A record that cannot be
 * written is counted and left out, for the next one says more; the first of a series is logged, and the recovery.
 */
export function startSystemReporter(options: SystemReporterOptions): SystemReporter {
  const { log, part, collect, own, keyUses, clock, logger, metrics, process, every = 1_000 } = options;
  let failing = false;
  let running: Promise<void> | null = null;
  /** When the uses of keys were last reported. */
  let usesAt = 0;

  const freshUses = (now: number): Pick<SystemRecord, 'keyUses'> => {
    if (keyUses === undefined || now - usesAt < USES_EVERY) return {};
    const fresh = [...keyUses].filter(([, used]) => used >= usesAt);
    return fresh.length === 0 ? {} : { keyUses: Object.fromEntries(fresh) };
  };

  const report = async (): Promise<void> => {
    try {
      const figures = await collect();
      const now = clock();
      const uses = freshUses(now);
      const record: SystemRecord = {
        process,
        part,
        time: now,
        ...figures,
        ...uses,
        ...(own === undefined ? {} : { budgets: own.budgets.report(), warnings: own.warnings.list() }),
      };
      const value = Buffer.from(JSON.stringify(record));
      await log.append('system', 0, [{ key: null, value, headers: {} }]);
      if (uses.keyUses !== undefined) usesAt = now;
      if (failing) logger.info('writing system records again');
      failing = false;
    } catch (error) {
      metrics.add('millrace_system_report_failures_total');
      if (!failing) logger.warn({ err: error, code: codeOf(error) }, 'cannot write system record');
      failing = true;
    } finally {
      running = null;
    }
  };
  const timer = setInterval(() => {
    running ??= report();
  }, every).unref();
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
