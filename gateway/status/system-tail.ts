import type { SystemRecord, Warning } from '#contracts/log/system-record.ts';
import type { FillFailure } from '#contracts/view/backfill-progress.ts';
import type { Status } from '#contracts/view/protocol.ts';
import type { Subscription } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps } from '../deps.ts';
import { decodeSystemRecord } from './decode-system-record.ts';
import { SystemStatus } from './status.ts';

export interface SystemFeed {
  /** The status bar's numbers now. */
  status(hub: ViewHub | null, viewers: number): Promise<Status>;
  /** The newest record of every part of Millrace that reports. */
  records(): Promise<Omit<SystemRecord, 'backfills'>[]>;
  /** Why the history of a metric version is not in; null where no aggregator tells. */
  fillFailure(metric: string, version: number): FillFailure | null;
  close(): Promise<void>;
}

/** Records read from before the start: the rates are known at once. */
const BACK = 30;

/** Follows the `system` topic, in which every process tells its figures once a second. */
export function createSystemFeed({ log, store, clock, logger, warnings: own }: GatewayDeps): SystemFeed {
  const system = new SystemStatus();
  let tail: Subscription | null = null;
  /** Events of before the followed records; null until the Store has told. */
  let stored: number | null = null;
  const report = (error: unknown): void =>
    logger.warn({ err: error, code: codeOf(error) }, 'system metrics tail failed');

  const take = (value: Uint8Array): void => {
    const record = decodeSystemRecord(Buffer.from(value).toString());
    if (record.ok) system.add(record.value);
    else logger.warn({ code: record.fault.code }, record.fault.message);
  };
  const follow = async (): Promise<void> => {
    const [bounds] = await log.bounds('system');
    if (bounds === undefined) return;
    const from = Math.max(bounds.start, bounds.end - BACK);
    tail = await log.tail(
      'system',
      0,
      from,
      (records) => {
        for (const { value } of records) take(value);
      },
      (error) => {
        report(error);
        tail = null;
      },
    );
  };
  const count = async (): Promise<void> => {
    const before = system.accepted;
    stored = (await store.countEvents()) - before;
  };
  const lag = async (hub: ViewHub): Promise<number> => {
    let sum = 0;
    for (const { partition, end } of await log.bounds('events'))
      sum += Math.max(0, end - hub.progress.next(partition));
    return sum;
  };
  let starting: Promise<unknown> = follow().catch(report);
  const followed = async (): Promise<void> => {
    await starting;
    if (tail === null) starting = follow().catch(report);
  };
  return {
    async status(hub, viewers) {
      await followed();
      if (stored === null) await count().catch(report);
      const { viewers: known, ...rates } = system.read(clock());
      const warnings = joinWarnings(own.list(), system.warnings(clock()));
      return {
        ...rates,
        lag: hub === null ? null : await lag(hub).catch(() => null),
        watermark: hub?.progress.lowest('shown') ?? null,
        viewers: Math.max(known, viewers),
        events: stored === null ? null : stored + system.accepted,
        ...(warnings.length === 0 ? {} : { warnings }),
      };
    },
    async records() {
      await followed();
      return system.records(clock());
    },
    fillFailure: (metric, version) => system.fillFailure(metric, version, clock()),
    async close() {
      await starting;
      await tail?.close();
    },
  };
}

/** This process's own are known when the Log takes no records, too. */
const joinWarnings = (own: readonly Warning[], reported: readonly Warning[]): Warning[] => [
  ...own,
  ...reported.filter(
    (warning) => !own.some(({ code, since }) => code === warning.code && since === warning.since),
  ),
];
