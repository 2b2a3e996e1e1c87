import process from 'node:process';
import { codeOf } from './code-of.ts';
import type { Logger } from './reporting/logger.ts';

export interface Lifecycle {
  /**
   * What a stop has to do for something that now runs. Steps run one after another, the last added first, so that a
   * process adds each as it opens it, and a stop during the start closes what is open.
   */
  addStep(name: string, run: () => Promise<void>): void;
  /** Stops as a signal would; `code` 1 for a part that cannot go on. Resolves when `exit` was called. */
  stop(reason: string, code?: 0 | 1): Promise<void>;
}

export interface LifecycleOptions {
  logger: Logger;
  /** ms for all steps together. */
  deadline: number;
  hooks?: ProcessHooks;
}

/**
 * ms within which copies of a signal count as one: a terminal sends it to every process of its group, and npm and
 * `npm start` forward it.
 */
const ECHO = 500;

interface Step {
  name: string;
  run: () => Promise<void>;
}

/**
 * The end of a process. SIGINT, SIGTERM or SIGHUP runs the steps and exits with 0; with 1 when a step fails or the deadline
 * passes. A second signal, unless it is an echo of the first, exits at once with 1. An uncaught error or rejection is a bug: it is logged as fatal and the process
 * exits with 1, for everything acknowledged is durable and a restart goes on from there.
 */
export function startLifecycle({ logger, deadline, hooks = processHooks }: LifecycleOptions): Lifecycle {
  const steps: Step[] = [];
  let stopping: Promise<void> | null = null;
  let signalled = Number.NEGATIVE_INFINITY;

  const stop = async (reason: string, code: 0 | 1): Promise<void> => {
    logger.info({ reason }, 'stopping');
    const clean = await runSteps(steps, deadline, logger);
    logger.info({ clean }, 'stopped');
    hooks.exit(clean ? code : 1);
  };
  hooks.onSignal((signal) => {
    const echo = hooks.now() - signalled < ECHO;
    if (!echo) signalled = hooks.now();
    if (stopping === null) {
      stopping = stop(signal, 0);
      return;
    }
    if (echo) return;
    logger.warn({ signal }, 'second signal: exiting at once');
    hooks.exit(1);
  });
  hooks.onFault((error, kind) => {
    logger.fatal({ err: error, code: codeOf(error) }, kind);
    hooks.exit(1);
  });
  return {
    addStep: (name, run) => void steps.push({ name, run }),
    stop: (reason, code = 0) => {
      stopping ??= stop(reason, code);
      return stopping;
    },
  };
}

/** Whether all steps ran to their end, without a fault and in time. */
async function runSteps(steps: Step[], deadline: number, logger: Logger): Promise<boolean> {
  const { promise: overdue, resolve: expire } = Promise.withResolvers<'overdue'>();
  const timer = setTimeout(() => expire('overdue'), deadline);
  let clean = true;
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const outcome = await Promise.race([runStep(step, logger), overdue]);
    if (outcome === 'overdue') {
      logger.error({ step: step.name, deadline }, 'shutdown timed out');
      return false;
    }
    clean &&= outcome;
  }
  clearTimeout(timer);
  return clean;
}

async function runStep({ name, run }: Step, logger: Logger): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    logger.error({ err: error, code: codeOf(error), step: name }, 'shutdown step failed');
    return false;
  }
}

/** What a lifecycle needs of the process; tests pass their own. */
export interface ProcessHooks {
  /** ms of a clock that only goes forward. */
  now(): number;
  onSignal(listener: (signal: string) => void): void;
  onFault(listener: (error: unknown, kind: 'uncaughtException' | 'unhandledRejection') => void): void;
  exit(code: 0 | 1): void;
}

const processHooks: ProcessHooks = {
  now: () => performance.now(),
  onSignal(listener) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
  },
  onFault(listener) {
    process.on('uncaughtException', (error) => listener(error, 'uncaughtException'));
    process.on('unhandledRejection', (error) => listener(error, 'unhandledRejection'));
  },
  exit: (code) => process.exit(code),
};
