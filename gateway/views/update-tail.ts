import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { decodeUpdate, type Update } from '#contracts/log/update.ts';
import type { StoredRecord, Subscription } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { retryWithBackoff } from '#platform/process/tasks/backoff.ts';
import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { wordsForAll } from '#platform/process/words-for-all.ts';
import type { EndedView, LiveView } from '../core/view/live-view.ts';
import { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps } from '../deps.ts';
import type { SystemFeed } from '../status/system-tail.ts';
import { createReadRunner } from './read-runner.ts';
import { idOfText } from './view-id.ts';
import type { ViewLimits } from './view-limits.ts';

/** The hub, fed: joined to the updates topic, its reads run. */
export interface Feed {
  /** Null until the tail has begun, and again while it is lost. */
  readonly hub: ViewHub | null;
  /** What is missing, in words; null when the join is done. */
  ready(): string | null;
  /** Does work while nothing is applied: what it computes in turns is of one moment. Others wait, so it is short. */
  atRest<T>(work: () => Promise<T>): Promise<T>;
  /** Runs the reads that a call of the hub has asked for. */
  pump(): void;
  close(): Promise<void>;
}

/** What has changed since the last time. */
export interface News {
  views: ReadonlySet<LiveView>;
  /** Cursor offsets that have been reached: above the first, up to the second. */
  above: number;
  upTo: number;
  /** Whether there is another hub, or none: nothing is as it was. */
  isAnother: boolean;
}

export interface FeedEvents {
  /** Something was applied or read. Views that may not go on are ended here. */
  changed(news: News): void;
  ended(views: EndedView[]): void;
}

export interface HubLimits extends ViewLimits {
  cells: number;
  hotBytes: number;
}

interface FeedDeps extends Pick<GatewayDeps, 'log' | 'store' | 'logger' | 'metrics' | 'failed'> {
  /** Who knows why a history is not in. */
  system: Pick<SystemFeed, 'fillFailure'>;
}
const LOST: Fault = {
  code: 'log_unavailable',
  message: 'The gateway has lost the updates topic and is rejoining it.',
};
const REJOIN = { attempts: Number.POSITIVE_INFINITY, first: 200, most: 10_000, random: Math.random };

/** Begins to join at once; a tail that is lost is joined again, and the views of before end with a retry. */
export function createFeed(deps: FeedDeps, limits: HubLimits, events: FeedEvents): Feed {
  const stop = new AbortController();
  let hub: ViewHub | null = null;
  /** Of which hub, and up to where, has been told. */
  let told: { hub: ViewHub | null; offset: number } = { hub: null, offset: 0 };
  let tail: Subscription | null = null;
  let missing = 'the updates tail has not started yet';

  const turns = createOneAtATime();
  const runner = createReadRunner(deps, { stop: stop.signal, limits, turns, done: () => settle() });
  const filler = createFiller(deps, () => settle());
  const tellEnded = (): void => {
    const ended = hub?.takeEnded() ?? [];
    if (ended.length > 0) events.ended(ended);
  };
  const settle = (): void => {
    if (hub === null) return;
    runner.run(hub);
    tellEnded();
    const isAnother = told.hub !== hub;
    const above = isAnother ? hub.offset : told.offset;
    told = { hub, offset: hub.offset };
    events.changed({ views: hub.takeChanged(), above, upTo: hub.offset, isAnother });
    tellEnded();
    filler.fill(hub);
  };
  const lost = (error: Error): void => {
    deps.logger.error({ err: error, code: codeOf(error) }, 'updates tail failed; rejoining');
    missing = 'the updates tail was lost; rejoining';
    const ended = [...(hub?.views ?? [])].map((view) => ({ view, fault: LOST }));
    hub = null;
    events.changed({ views: new Set(ended.map(({ view }) => view)), above: 0, upTo: 0, isAnother: true });
    events.ended(ended);
    void joining.then(() => start());
  };
  const join = async (): Promise<void> => {
    const begun = await beginHub(deps, limits);
    const apply = async (records: StoredRecord[]): Promise<void> => {
      for (const record of records) {
        const update = read(deps, record);
        await turns.run(() => runInTurns(begun.applying(record.offset, update)));
        if (hub === begun) settle();
      }
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
      missing = `cannot join the updates topic: ${wordsForAll(error)}`;
      deps.logger.warn({ err: error, code: codeOf(error) }, 'cannot join the updates topic');
    }).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      deps.logger.error({ err: error, code: codeOf(error) }, 'joining the updates topic given up');
      deps.failed?.(error as Error);
    });
  };
  let joining: Promise<void> = Promise.resolve();
  start();
  return {
    get hub() {
      return hub;
    },
    atRest: turns.run,
    ready: () => (hub === null ? missing : hub.join.missing(hub.progress)),
    pump: settle,
    async close() {
      stop.abort();
      await joining;
      await tail?.close();
      await runner.idle();
      await filler.idle();
    },
  };
}

/** Gives views their first contents, in turns with everything else; `done` is called after each time. */
function createFiller(
  { logger, failed }: Pick<FeedDeps, 'logger' | 'failed'>,
  done: () => void,
): { fill(hub: ViewHub): void; idle(): Promise<void> } {
  let filling: Promise<void> | null = null;
  return {
    fill(hub) {
      if (filling !== null || !hub.isFillable) return;
      filling = runInTurns(hub.filling())
        .catch((error: unknown) => {
          logger.error({ err: error, code: codeOf(error) }, 'cannot build view contents');
          failed?.(error as Error);
        })
        .then(() => {
          filling = null;
          done();
        });
    },
    idle: async () => {
      await filling;
    },
  };
}

/** The join's order: the tail's start first, then the ends of the events, then the Store. */
async function beginHub({ log, store, system }: FeedDeps, limits: HubLimits): Promise<ViewHub> {
  const [updates] = await log.bounds('updates');
  if (updates === undefined)
    throw new MillraceError({ code: 'log_unavailable', message: 'There is no updates topic.' });
  const ends = new Map((await log.bounds('events')).map((b) => [b.partition, b.end]));
  const commits = await store.readCommits();
  const { cells, hotBytes } = limits;
  const { fillFailure: failing } = system;
  return new ViewHub({ offset: updates.end, ends, commits, cells, hotBytes, failing, idOf: idOfText });
}

function read({ logger, metrics }: FeedDeps, record: StoredRecord): Update | null {
  const update = decodeUpdate(Buffer.from(record.value).toString());
  if (update.ok) return update.value;
  logger.error({ code: update.fault.code, offset: record.offset }, `update skipped: ${update.fault.message}`);
  metrics.add('millrace_gateway_updates_skipped_total');
  return null;
}
