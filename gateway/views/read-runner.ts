import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { keepAnswers } from '#platform/process/tasks/kept-answers.ts';
import type { OneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import { retryWithBackoff } from '#platform/process/tasks/retry-with-backoff.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { PaneCount, Store } from '#platform/store/store.ts';
import type { HistoryBegin, ReadRequest } from '../core/metric-views.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps } from '../deps.ts';
import { readAhead } from './read-ahead.ts';
import { alignedOf, readPanePages, readWindowPages } from './read-pages.ts';
import { checkRows, type ViewLimits } from './view-limits.ts';

export interface ReadRunner {
  /** Starts the reads that the hub wants, a few at a time; the rest follow. */
  run(hub: ViewHub): void;
  /** Resolves when no read is under way. */
  idle(): Promise<void>;
}

export interface ReadRunnerDeps extends Pick<GatewayDeps, 'logger' | 'metrics'> {
  store: Pick<Store, 'readPanes' | 'readWindows' | 'countPanes' | 'readBegin' | 'readArchiveBegin'>;
}

export interface ReadRunnerOptions {
  stop: AbortSignal;
  limits: ViewLimits;
  /** Runs what changes the hub, one after the other. */
  turns: OneAtATime;
  done: () => void;
}

const CONCURRENT_READS = 3;
/** A count decides on a refusal and on the size of pages: it may be some seconds old. */
const KEPT = { ms: 2_000, most: 1_000 };
const RETRY = { attempts: 6, first: 100, most: 3_000, random: Math.random };

/**
 * Runs the hub's reads of the Store page by page, and calls `done` after each page. A read that no view needs any more stops
 * early. A read that keeps failing, or would read more rows than the limit, ends the views that need it.
 */
export function createReadRunner(
  { store, logger, metrics }: ReadRunnerDeps,
  { stop, limits, turns, done }: ReadRunnerOptions,
): ReadRunner {
  const queue: { hub: ViewHub; request: ReadRequest }[] = [];
  // The views of a board ask the same of a metric when it is opened.
  const counts = keepAnswers<PaneCount>(KEPT);
  const begins = keepAnswers<HistoryBegin>(KEPT);
  const running = new Set<Promise<void>>();
  const wait = (ms: number) => sleep(ms, undefined, { signal: stop });
  const call = <T>(metric: string, read: () => Promise<T>): Promise<T> =>
    retryWithBackoff(read, { ...RETRY, wait }, (error, attempt) =>
      logger.warn({ err: error, code: codeOf(error), attempt, metric }, 'Store read failed'),
    );

  const readBegin = async (metric: string, version: number): Promise<HistoryBegin> => {
    const first = await call(metric, () => store.readBegin(metric, version));
    return { first, archive: first === null ? await call(metric, () => store.readArchiveBegin()) : null };
  };
  const noteBegin = async (hub: ViewHub, request: ReadRequest): Promise<void> => {
    const { metric, version } = request;
    hub.noteBegin(request, await begins.get(`${version} ${metric}`, () => readBegin(metric, version)));
  };
  /** The earlier range of a view is as large as its range, which was counted. */
  const countOf = async (request: ReadRequest): Promise<PaneCount> => {
    if (request.kind === 'windows' && request.target === 'earlier')
      return { rows: 0, groups: request.view.groups, largest: 0 };
    const { metric, version, from, to } = request;
    const asked = request.kind === 'panes' ? { metric, version, from, to } : alignedOf(request);
    return await counts.get(JSON.stringify(asked), () => call(metric, () => store.countPanes(asked)));
  };
  const readOne = async (hub: ViewHub, request: ReadRequest): Promise<void> => {
    if (!hub.isWanted(request)) return;
    const begin = hub.lacksBegin(request) ? noteBegin(hub, request) : null;
    const [count] = await Promise.all([countOf(request), begin]);
    const { kind } = request;
    const fault =
      kind === 'panes' ? hub.checkCapacity(count.rows) : checkRows(request.view, count.rows, limits);
    if (fault !== null) return hub.failRead(request, fault);
    const reading = {
      store,
      call: <T>(read: () => Promise<T>) => call(request.metric, read),
      isWanted: () => !stop.aborted && hub.isWanted(request),
    };
    if (kind === 'panes') {
      for await (const rows of readAhead(readPanePages(request, count, reading))) {
        await turns.run(() => runInTurns(hub.applyingRows(request, rows)));
        done();
      }
    } else {
      for await (const { rows, form } of readAhead(readWindowPages(request, count, reading))) {
        await turns.run(() => runInTurns(hub.applyingRows(request, rows, form)));
        done();
      }
    }
    hub.endRead(request);
  };
  const failed = (hub: ViewHub, request: ReadRequest, error: unknown): void => {
    if (stop.aborted) return;
    logger.error({ err: error, code: codeOf(error), metric: request.metric }, 'Store read given up');
    metrics.add('millrace_gateway_reads_failed_total');
    hub.failRead(request, faultOf(error));
  };
  const next = (): void => {
    while (running.size < CONCURRENT_READS && !stop.aborted) {
      const item = queue.shift();
      if (item === undefined) return;
      const one: Promise<void> = readOne(item.hub, item.request)
        .catch((error: unknown) => failed(item.hub, item.request, error))
        .then(() => {
          running.delete(one);
          next();
          done();
        });
      running.add(one);
    }
  };
  return {
    run(hub) {
      for (const request of hub.drainReads()) queue.push({ hub, request });
      next();
    },
    idle: async () => {
      await Promise.all(running);
    },
  };
}

function faultOf(error: unknown): Fault {
  if (error instanceof MillraceError && error.code === 'view_too_large')
    return { code: error.code, message: error.message };
  return { code: 'store_unavailable', message: 'The history could not be read from the Store.' };
}
