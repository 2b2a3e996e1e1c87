import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { decodeUpdate, type Update } from '#contracts/update.ts';
import type { StoredRecord, Subscription } from '#platform/log/log.ts';
import { retryWithBackoff } from '#platform/process/backoff.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { wordsForAll } from '#platform/process/words-for-all.ts';
import { type EndedView, ViewHub } from './core/view-hub.ts';
import type { GatewayDeps } from './deps.ts';
import { createReadRunner } from './read-runner.ts';

/** The hub, fed: joined to the updates topic, its reads run. */
export interface Feed {
  /** Null until the tail has begun, and again while it is lost. */
  readonly hub: ViewHub | null;
  /** What is missing, in words; null when the join is done. */
  ready(): string | null;
  /** Runs the reads that a call of the hub has asked for. */
  pump(): void;
  close(): Promise<void>;
}

export interface FeedEvents {
  /** Something was applied or read. */
  changed(): void;
  ended(views: EndedView[]): void;
}

type FeedDeps = Pick<GatewayDeps, 'log' | 'store' | 'logger' | 'metrics' | 'failed'>;
const REJOIN = { attempts: Number.POSITIVE_INFINITY, first: 200, most: 10_000, random: Math.random };

/** Begins to join at once; a tail that is lost is joined anew, and the views of before end with a retry. */
export function createFeed(deps: FeedDeps, cells: number, events: FeedEvents): Feed {
  const stop = new AbortController();
  let hub: ViewHub | null = null;
  let tail: Subscription | null = null;
  let missing = 'the updates are not followed yet';

  const runner = createReadRunner(deps, stop.signal, () => settle());
  const settle = (): void => {
    if (hub === null) return;
    runner.run(hub);
    const ended = hub.takeEnded();
    if (ended.length > 0) events.ended(ended);
    events.changed();
  };
  const lost = (error: Error): void => {
    deps.logger.error(
      { err: error, code: codeOf(error) },
      'the updates can no longer be followed; joining anew',
    );
    missing = 'the updates can no longer be followed';
    const fault: Fault = { code: 'log_unavailable', message: 'The gateway lost the updates and joins anew.' };
    const ended = [...(hub?.views ?? [])].map((view) => ({ view, fault }));
    hub = null;
    events.ended(ended);
    void joining.then(() => start());
  };
  const join = async (): Promise<void> => {
    const begun = await beginHub(deps, cells);
    const apply = (records: StoredRecord[]): void => {
      for (const record of records) begun.apply(record.offset, read(deps, record));
      if (hub === begun) settle();
    };
    await tail?.close();
    tail = await deps.log.tail('updates', 0, begun.offset, apply, lost);
    hub = begun;
    settle();
  };
  const start = (): void => {
    if (stop.signal.aborted) return;
    const wait = (ms: number) => sleep(ms, undefined, { signal: stop.signal });
    joining = retryWithBackoff(join, { ...REJOIN, wait }, (error) => {
      missing = `the join failed: ${wordsForAll(error)}`;
      deps.logger.warn({ err: error, code: codeOf(error) }, 'the gateway cannot join the updates yet');
    }).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      deps.logger.error({ err: error, code: codeOf(error) }, 'the gateway gave up joining');
      deps.failed?.(error as Error);
    });
  };
  let joining: Promise<void> = Promise.resolve();
  start();
  return {
    get hub() {
      return hub;
    },
    ready: () => (hub === null ? missing : hub.join.missing(hub.progress)),
    pump: settle,
    async close() {
      stop.abort();
      await joining;
      await tail?.close();
      await runner.idle();
    },
  };
}

/** The join's order (DESIGN 8): the tail's start first, then the ends of the events, then the Store. */
async function beginHub({ log, store }: FeedDeps, cells: number): Promise<ViewHub> {
  const [updates] = await log.bounds('updates');
  if (updates === undefined)
    throw new MillraceError({ code: 'log_unavailable', message: 'There is no updates topic.' });
  const ends = new Map((await log.bounds('events')).map((b) => [b.partition, b.end]));
  return new ViewHub({ offset: updates.end, ends, commits: await store.readCommits(), cells });
}

function read({ logger, metrics }: FeedDeps, record: StoredRecord): Update | null {
  const update = decodeUpdate(Buffer.from(record.value).toString());
  if (update.ok) return update.value;
  logger.error({ code: update.fault.code, offset: record.offset }, `update skipped: ${update.fault.message}`);
  metrics.add('millrace_gateway_updates_skipped_total');
  return null;
}
