import process from 'node:process';

/** What a lifecycle needs of the process; tests pass their own. */
export interface ProcessHooks {
  onSignal(listener: (signal: string) => void): void;
  onFault(listener: (error: unknown, kind: 'uncaughtException' | 'unhandledRejection') => void): void;
  exit(code: 0 | 1): void;
}

export const processHooks: ProcessHooks = {
  onSignal(listener) {
    process.on('SIGINT', listener);
    process.on('SIGTERM', listener);
  },
  onFault(listener) {
    process.on('uncaughtException', (error) => listener(error, 'uncaughtException'));
    process.on('unhandledRejection', (error) => listener(error, 'unhandledRejection'));
  },
  exit: (code) => process.exit(code),
};
