import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Ends processes and removes folders when this process is gone, also when it was killed. */
export interface Guard {
  started(pid: number): void;
  ended(pid: number): void;
  folder(path: string): void;
  /** Ends what still runs and removes the folders, now. */
  close(): Promise<void>;
}

export function startGuard(): Guard {
  // In a session of its own: Ctrl-C reaches everything else in the terminal.
  const child = spawn(process.execPath, [join(import.meta.dirname, 'guard-main.ts')], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // A guard that cannot be written to has ended, and everything it guards with it.
  child.stdin.on('error', () => {});
  const tell = (line: string): void => void child.stdin.write(`${line}\n`);
  return {
    started: (pid) => tell(`+${pid}`),
    ended: (pid) => tell(`-${pid}`),
    folder: tell,
    close: () => {
      child.stdin.end();
      return gone;
    },
  };
}
