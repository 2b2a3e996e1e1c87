import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { decodeUpdate, type Update } from '#contracts/log/update.ts';
import type { StoredRecord, Subscription } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import { retryWithBackoff } from '#platform/process/tasks/retry-with-backoff.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { wordsForAll } from '#platform/process/words-for-all.ts';
import type { EndedView, OpenView } from '../core/view/live-view.ts';
import { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps } from '../deps.ts';
import type { SystemTail } from '../status/system-tail.ts';
import { createReadRunner } from './read-runner.ts';
import { idOfText } from './view-id.ts';
import type { ViewLimits } from './view-limits.ts';

/** Keeps a hub: joins the updates topic, applies its records and runs the reads that the hub wants. */
export interface UpdateTail {
  /** Null until the tail has begun, and again while it is lost. */
  readonly hub: ViewHub | null;
  /** Returns what is missing, in words; null when the join is done. */
  ready(): string | null;
  /** Runs work while nothing is applied, so that what it computes in turns is of one moment. The hub waits for it: keep it short. */
  atRest<T>(work: () => Promise<T>): Promise<T>;
  /** To be called after each call of the hub: runs the reads it wants and publishes what it changed. */
  pump(): void;
  close(): Promise<void>;
}

/** What has changed since the last time. */
export interface HubChanges {
  views: ReadonlySet<OpenView>;
  /** Cursor offsets that have been reached since: above the first, up to the second. */
  above: number;
  upTo: number;
  /** Whether there is another hub, or none: every view has changed then. */
  isAnother: boolean;
}

export interface UpdateTailEvents {
  /** A record was applied, or rows of a read were. The listener may end views. */
  changed(news: HubChanges): void;
  ended(views: EndedView[]): void;
}

export interface HubLimits extends ViewLimits {
  cells: number;
  hotBytes: number;
}

interface UpdateTailDeps extends Pick<GatewayDeps, 'log' | 'store' | 'logger' | 'metrics' | 'failed'> {
  /** Knows why a back-fill is failing. */
  system: Pick<SystemTail, 'backfillFailure'>;
}
const LOST: Fault = {
  code: 'log_unavailable',
  message: 'The gateway has lost the updates topic and is rejoining it.',
};
const REJOIN = { attempts: Number.POSITIVE_INFINITY, first: 200, most: 10_000, random: Math.random };

/**
 * Starts joining at once. A lost tail cannot go on where it ended, since the records between may be gone: its views end with a
 * fault that clients retry, and a new hub joins, with backoff, for as long as that takes. The other tails restart differently
 * because they lose less: `system-tail.ts` shows figures and `event-tail.ts` samples, both lossy, and `open-catalog.ts` holds
 * definitions, without which the process cannot go on at all.
 */
export function createUpdateTail(
  deps: UpdateTailDeps,
  limits: HubLimits,
  events: UpdateTailEvents,
): UpdateTail {
  const stop = new AbortController();
  let hub: ViewHub | null = null;
  /** Up to where, and of which hub, changes have been published. */
  let published: { hub: ViewHub | null; offset: number } = { hub: null, offset: 0 };
  let tail: Subscription | null = null;
  let missing = 'the updates tail has not started yet';

  const turns = createOneAtATime();
  const runner = createReadRunner(deps, { stop: stop.signal, limits, turns, done: () => pump() });
  const filler = createFiller(deps, () => pump());
  const publishEnded = (): void => {
    const ended = hub?.drainEnded() ?? [];
    if (ended.length > 0) events.ended(ended);
  };
  const pump = (): void => {
    if (hub === null) return;
    runner.run(hub);
    publishEnded();
    const isAnother = published.hub !== hub;
    const above = isAnother ? hub.offset : published.offset;
    published = { hub, offset: hub.offset };
    events.changed({ views: hub.drainChanged(), above, upTo: hub.offset, isAnother });
    // Listeners may have ended views.
    publishEnded();
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
        const update = decode(deps, record);
        await turns.run(() => runInTurns(begun.applying(record.offset, update)));
        if (hub === begun) pump();
      }
    };
    await tail?.close();
    tail = await deps.log.tail('updates', 0, begun.offset, apply, lost);
    hub = begun;
    pump();
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
    pump,
    async close() {
      stop.abort();
      await joining;
      await tail?.close();
      await runner.idle();
      await filler.idle();
    },
  };
}

/** Computes the first contents of views, in turns with everything else; calls `done` after each run. */
function createFiller(
  { logger, failed }: Pick<UpdateTailDeps, 'logger' | 'failed'>,
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

/** Notes where the hub starts in the order of the join (docs/RULES.md): the end of the updates, the ends of the events, the commits. */
async function beginHub({ log, store, system }: UpdateTailDeps, limits: HubLimits): Promise<ViewHub> {
  const [updates] = await log.bounds('updates');
  if (updates === undefined)
    throw new MillraceError({ code: 'log_unavailable', message: 'There is no updates topic.' });
  const ends = new Map((await log.bounds('events')).map((b) => [b.partition, b.end]));
  const commits = await store.readCommits();
  const { cells, hotBytes } = limits;
  const { backfillFailure } = system;
  return new ViewHub({
    offset: updates.end,
    ends,
    commits,
    cells,
    hotBytes,
    backfillFailure,
    idOf: idOfText,
  });
}

function decode({ logger, metrics }: UpdateTailDeps, record: StoredRecord): Update | null {
  const update = decodeUpdate(Buffer.from(record.value).toString());
  if (update.ok) return update.value;
  logger.error({ code: update.fault.code, offset: record.offset }, `update skipped: ${update.fault.message}`);
  metrics.add('millrace_gateway_updates_skipped_total');
  return null;
}
