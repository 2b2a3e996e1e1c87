import type { Warning } from '#contracts/log/system-record.ts';
import type { FillFailure } from '#contracts/view/backfill-progress.ts';
import type { Status } from '#contracts/view/protocol.ts';
import type { Subscription } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps } from '../deps.ts';
import { decodeSystemRecord } from './decode-system-record.ts';
import type { KeyUses } from './key-uses.ts';
import { type PublicRecord, SystemStatus } from './status.ts';

export interface SystemTail {
  /** Returns the status bar's current numbers. */
  status(hub: ViewHub | null, viewers: number): Promise<Status>;
  /** Returns the newest record of every process that reports. */
  records(): Promise<PublicRecord[]>;
  /** Returns why the back-fill of a metric version fails; null where no aggregator reports a failure. */
  backfillFailure(metric: string, version: number): FillFailure | null;
  close(): Promise<void>;
}

/** Records to read from before the start, so that rates are known at once. */
const BACKLOG = 30;

/**
 * Follows the `system` topic, in which every process reports its figures once a second. A lost tail is restarted by the next
 * read of the figures, which comes each second while a client is connected. Records older than a few seconds are of no use, so
 * nothing has to be caught up, and the tail has no retry of its own that could overlap.
 */
export function createSystemTail(
  { log, store, clock, logger, warnings: own }: GatewayDeps,
  keyUses: Pick<KeyUses, 'add'>,
): SystemTail {
  const system = new SystemStatus();
  let tail: Subscription | null = null;
  /** Events from before the followed records; null until the Store was asked. */
  let stored: number | null = null;
  const report = (error: unknown): void =>
    logger.warn({ err: error, code: codeOf(error) }, 'system metrics tail failed');

  const addRecord = (value: Uint8Array): void => {
    const record = decodeSystemRecord(Buffer.from(value).toString());
    if (record.ok) {
      system.add(record.value);
      keyUses.add(record.value.keyUses ?? {});
    } else logger.warn({ code: record.fault.code }, record.fault.message);
  };
  const follow = async (): Promise<void> => {
    const [bounds] = await log.bounds('system');
    if (bounds === undefined) return;
    const from = Math.max(bounds.start, bounds.end - BACKLOG);
    tail = await log.tail(
      'system',
      0,
      from,
      (records) => {
        for (const { value } of records) addRecord(value);
      },
      (error) => {
        report(error);
        tail = null;
      },
    );
  };
  const countStored = async (): Promise<void> => {
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
  const restartIfLost = async (): Promise<void> => {
    await starting;
    if (tail === null) starting = follow().catch(report);
  };
  return {
    async status(hub, viewers) {
      await restartIfLost();
      if (stored === null) await countStored().catch(report);
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
      await restartIfLost();
      return system.records(clock());
    },
    backfillFailure: (metric, version) => system.backfillFailure(metric, version, clock()),
    async close() {
      await starting;
      await tail?.close();
    },
  };
}

/** This process's own warnings are shown even while the Log accepts no records. */
const joinWarnings = (own: readonly Warning[], reported: readonly Warning[]): Warning[] => [
  ...own,
  ...reported.filter(
    (warning) => !own.some(({ code, since }) => code === warning.code && since === warning.since),
  ),
];
