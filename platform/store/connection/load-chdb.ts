import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { MillraceError } from '#contracts/errors.ts';

/** What Millrace uses of a chDB session. */
export interface ChdbSession {
  queryAsync(sql: string, options: { format: string }): Promise<{ text(): string }>;
  close(): void;
}

export type OpenSession = (path: string, connectionArgs: readonly string[]) => ChdbSession;

const open = new Set<ChdbSession>();
let exits = false;

/**
 * exit() ends the engine first, which waits for a statement under way, however long that takes; a process that was told to
 * end would not. Once all listeners of 'exit' are done, a process with open sessions leaves without it, which is for the engine
 * what a kill is: all that it has acknowledged is on disk.
 */
function exitPast(leave: (code: number) => void): void {
  if (exits || !isMainThread) return;
  exits = true;
  const exiting = process as unknown as { reallyExit(code: number): void };
  const exit = exiting.reallyExit.bind(process);
  exiting.reallyExit = (code) => (open.size > 0 ? leave(code) : exit(code));
}

/**
 * Loads the embedded engine, once it is asked for: the packages are optional. chDB would take over the crash
 * signals, and a crashed process would then hang for good, so that is switched off before the first session.
 * Rejects with `engine_missing` where the engine cannot be.
 */
export async function loadChdb(): Promise<OpenSession> {
  try {
    const [{ default: chdb }, { libchdbPath }, { default: koffi }] = await Promise.all([
      import('chdb'),
      import('chdb/libchdb'),
      import('koffi'),
    ]);
    koffi.load(libchdbPath()).func('void chdb_set_signal_handlers_enabled(bool)')(false);
    const leave = koffi.load(null).func('void _exit(int)');
    exitPast((code) => leave(code));
    return (path, connectionArgs) => {
      const session: ChdbSession = new chdb.Session(path, { connectionArgs });
      open.add(session);
      return {
        queryAsync: (sql, options) => session.queryAsync(sql, options),
        close() {
          open.delete(session);
          session.close();
        },
      };
    };
  } catch (error) {
    throw new MillraceError(
      {
        code: 'engine_missing',
        message:
          'The embedded ClickHouse engine (npm packages chdb and koffi) cannot be loaded here; it exists for Linux with ' +
          'glibc and for macOS. Install the optional dependencies, or set MILLRACE_CLICKHOUSE_URL to a ClickHouse ' +
          `server, such as http://127.0.0.1:8123. The reason: ${error instanceof Error ? error.message : String(error)}`,
      },
      { cause: error },
    );
  }
}
