import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { type BoundedQueue, createBoundedQueue } from '#platform/process/tasks/bounded-queue.ts';
import { within } from '#platform/process/tasks/within.ts';
import { EMBEDDED_TABLES } from '../tables.ts';
import { bindParams } from './bind-params.ts';
import type { Connection } from './engine-connection.ts';
import { engineFault } from './engine-fault.ts';
import { insertTexts } from './insert-text.ts';
import { type ChdbSession, loadChdb, type OpenSession } from './load-chdb.ts';
import { parseRows } from './parse-rows.ts';
import { INSERT_SETTINGS_TEXT, MAX_QUERY } from './statement-settings.ts';

export interface ChdbOptions {
  /** Folder of the engine's data; made if missing. One process at a time. */
  folder: string;
  /** Bound of the engine's memory in bytes. */
  memory: number;
  /** Sessions, at least 2: one for inserts, the others for the rest. A session does one thing at a time. */
  sessions: number;
}

interface Member {
  session: ChdbSession;
  queue: BoundedQueue;
}

const MARK_CACHE = 100_000_000;
/** Calls that may wait for one session. */
const WAITING = 256;
/** ms that closing waits for running statements. */
const CLOSING = 3_000;

const tooManyCalls = (most: number): Fault => ({
  code: 'store_unavailable',
  message: `${most} calls wait for the Store already.`,
});

export interface ChdbConnection extends Connection {
  /** Runs work while no insert does: what it reads is what a process leaves that ends between two inserts. */
  betweenInserts<T>(work: (query: ChdbConnection['query']) => Promise<T>): Promise<T>;
}

/**
 * ClickHouse in process. Rejects with `engine_missing` or, when another process holds the folder,
 * `data_folder_in_use`. Only the asynchronous forms are used; a statement once begun cannot be cancelled.
 */
export async function openChdbConnection(options: ChdbOptions): Promise<ChdbConnection> {
  const openSession = await loadChdb();
  await mkdir(options.folder, { recursive: true });
  const [writer, ...readers] = await openSessions(openSession, options);
  let closed: Promise<void> | null = null;

  /** Statements that wait for their turn are not begun any more. */
  const refuseClosed = (): void => {
    if (closed !== null)
      throw new MillraceError({ code: 'store_unavailable', message: 'The Store is closed.' });
  };
  const runOn = async (member: Member, sql: string, format: string): Promise<string> => {
    refuseClosed();
    try {
      return await member.queue.run(async () => {
        refuseClosed();
        return (await member.session.queryAsync(sql, { format })).text();
      });
    } catch (error) {
      throw engineFault(error);
    }
  };
  const reader = (): Member =>
    readers.reduce((best, next) => (next.queue.load < best.queue.load ? next : best));
  const query = async <T>(sql: string, params = {}): Promise<T[]> =>
    parseRows<T>(await runOn(reader(), bindParams(sql, params), 'JSONEachRow'));

  return {
    tables: EMBEDDED_TABLES,
    query,
    betweenInserts(work) {
      refuseClosed();
      return writer!.queue.run(() => work(query));
    },
    async insert(table, columns, rows) {
      for await (const text of insertTexts(rows)) {
        const head = `INSERT INTO ${table} (${columns.join(', ')}) ${INSERT_SETTINGS_TEXT}`;
        await runOn(writer!, `${head} FORMAT JSONCompactEachRow ${text}`, 'Null');
      }
    },
    async command(sql, params = {}) {
      await runOn(reader(), bindParams(sql, params), 'Null');
    },
    close() {
      closed ??= closeAll([writer!, ...readers]);
      return closed;
    },
  };
}

async function openSessions(openSession: OpenSession, options: ChdbOptions): Promise<Member[]> {
  const args = [
    `--max_server_memory_usage=${options.memory}`,
    `--mark_cache_size=${MARK_CACHE}`,
    `--max_query_size=${MAX_QUERY}`,
  ];
  const members: Member[] = [];
  try {
    for (let i = 0; i < Math.max(2, options.sessions); i++) {
      members.push({
        session: openSession(options.folder, args),
        queue: createBoundedQueue(WAITING, tooManyCalls),
      });
    }
  } catch (error) {
    for (const { session } of members) session.close();
    throw await openFault(error, options.folder);
  }
  return members;
}

/** The engine writes its reason to stderr only; its status file names the process that holds, or held, the folder. */
async function openFault(error: unknown, folder: string): Promise<MillraceError> {
  const status = await readFile(join(folder, 'status'), 'utf8').catch(() => '');
  const holder = Number(/PID: (\d+)/.exec(status)?.[1]);
  const held = isRunning(holder) && holder !== process.pid;
  const reason = error instanceof Error ? error.message : String(error);
  return new MillraceError(
    held
      ? {
          code: 'data_folder_in_use',
          message: `The folder ${folder} is in use by process ${holder}. Stop it, or set MILLRACE_DATA to another folder.`,
        }
      : { code: 'store_unavailable', message: `The embedded engine cannot open ${folder}: ${reason}.` },
    { cause: error },
  );
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Rejects when a statement goes on for longer than closing waits: a session that is closed under it would hold the whole
 * process until its end. The sessions stay open then, and the process may still end (load-chdb.ts).
 */
async function closeAll(members: readonly Member[]): Promise<void> {
  await within(Promise.all(members.map(({ queue }) => queue.idle())), CLOSING, {
    code: 'store_unavailable',
    message: `The engine is still busy with a statement, which cannot be cancelled; no longer waiting after ${CLOSING} ms.`,
  });
  for (const { session } of members) session.close();
}
