import { MillraceError } from '#contracts/errors.ts';

/** What Millrace uses of a chDB session. */
export interface ChdbSession {
  queryAsync(sql: string, options: { format: string }): Promise<{ text(): string }>;
  close(): void;
}

export type OpenSession = (path: string, connectionArgs: readonly string[]) => ChdbSession;

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
    return (path, connectionArgs) => new chdb.Session(path, { connectionArgs });
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
