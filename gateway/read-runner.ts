import { setTimeout as sleep } from 'node:timers/promises';
import { retryWithBackoff } from '#platform/process/backoff.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { ReadRequest } from './core/metric-views.ts';
import type { ViewHub } from './core/view-hub.ts';
import type { GatewayDeps } from './deps.ts';

export interface ReadRunner {
  /** Starts the reads that the hub wants, a few at a time; the rest follow. */
  run(hub: ViewHub): void;
  /** Resolves when none is under way. */
  idle(): Promise<void>;
}

const AT_ONCE = 3;
const RETRY = { attempts: 6, first: 100, most: 3_000, random: Math.random };

/** Runs the hub's reads of the Store; `done` is called after each. A read that keeps failing ends the views that need it. */
export function createReadRunner(
  { store, logger, metrics }: Pick<GatewayDeps, 'store' | 'logger' | 'metrics'>,
  stop: AbortSignal,
  done: () => void,
): ReadRunner {
  const queue: { hub: ViewHub; request: ReadRequest }[] = [];
  const running = new Set<Promise<void>>();
  const wait = (ms: number) => sleep(ms, undefined, { signal: stop });

  const readOne = async (hub: ViewHub, request: ReadRequest): Promise<void> => {
    try {
      const rows = await retryWithBackoff(
        () => store.readPanes(request),
        { ...RETRY, wait },
        (error, attempt) =>
          logger.warn({ err: error, code: codeOf(error), attempt, metric: request.metric }, 'a read failed'),
      );
      hub.finishRead(request, rows);
    } catch (error) {
      if (stop.aborted) return;
      logger.error({ err: error, code: codeOf(error), metric: request.metric }, 'a read was given up');
      metrics.add('millrace_gateway_reads_failed_total');
      hub.failRead(request, {
        code: 'store_unavailable',
        message: 'The history could not be read from the Store.',
      });
    }
  };
  const next = (): void => {
    while (running.size < AT_ONCE && !stop.aborted) {
      const item = queue.shift();
      if (item === undefined) return;
      const one: Promise<void> = readOne(item.hub, item.request).then(() => {
        running.delete(one);
        next();
        done();
      });
      running.add(one);
    }
  };
  return {
    run(hub) {
      for (const request of hub.takeReads()) queue.push({ hub, request });
      next();
    },
    idle: async () => {
      await Promise.all(running);
    },
  };
}
