import process from 'node:process';

/** What a lifecycle needs of the process; tests pass their own. */
export interface ProcessHooks {
  /** ms of a clock that only goes forward. */
  now(): number;
  onSignal(listener: (signal: string) => void): void;
  onFault(listener: (error: unknown, kind: 'uncaughtException' | 'unhandledRejection') => void): void;
  exit(code: 0 | 1): void;
}

export const processHooks: ProcessHooks = {
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
