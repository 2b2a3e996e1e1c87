import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import { readAsk, readLines, SILENT_FOR, writeFault, writeHeld } from './control-messages.ts';
import { CONTROL_FILE, controlPath } from './control-path.ts';
import type { DataHold } from './hold-data.ts';

export interface ControlOptions {
  /** The data folder, which this process holds: a file at the socket's name is therefore stale. */
  data: string;
  hold: () => Promise<DataHold>;
  logger: Logger;
  /** ms after which a silent caller is given up. */
  silentFor?: number;
}

export interface Control {
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 8;

/** One hold at a time. */
interface Holder {
  /** Rejects with `backup_running` while there is one. */
  begin(): Promise<DataHold>;
  /** Releases what `begin` returned, or will return. */
  end(held: Promise<DataHold>): void;
  /** Resolves when nothing is held any more. */
  idle(): Promise<void>;
}

function createHolder(hold: () => Promise<DataHold>, logger: Logger): Holder {
  let isHeld = false;
  let ending: Promise<void> = Promise.resolve();
  const release = async (held: DataHold): Promise<void> => {
    try {
      await held.release();
      logger.info('released the data held for a backup');
    } catch (error) {
      logger.error({ err: error, code: codeOf(error) }, 'cannot release the data held for a backup');
    } finally {
      isHeld = false;
    }
  };
  return {
    async begin() {
      // A backup that has just ended may still be releasing the data.
      await ending;
      if (isHeld)
        throw new MillraceError({
          code: 'backup_running',
          message: 'Another backup of this data folder is under way.',
        });
      isHeld = true;
      try {
        const held = await hold();
        logger.info('holding the data for a backup');
        return held;
      } catch (error) {
        isHeld = false;
        logger.error({ err: error, code: codeOf(error) }, 'cannot hold the data for a backup');
        throw error;
      }
    },
    end(held) {
      const before = ending;
      ending = held
        .then(release, () => {
          // The fault was reported already, and there is nothing to release.
        })
        .then(() => before);
    },
    idle: async () => {
      // A connection that closes meanwhile releases after the earlier ones.
      for (let seen: Promise<void> | null = null; seen !== ending; ) {
        seen = ending;
        await seen;
      }
    },
  };
}

/**
 * Lets `npm run backup` hold the data while it copies. The caller copies with its own rights; a caller that is gone, or silent, holds nothing.
 * Where no socket can be made the process goes on without, and says so.
 */
export async function serveControl({
  data,
  hold,
  logger,
  silentFor = SILENT_FOR,
}: ControlOptions): Promise<Control> {
  const sockets = new Set<Socket>();
  const holder = createHolder(hold, logger);
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    let held: Promise<DataHold> | null = null;
    socket.setTimeout(silentFor, () => socket.destroy());
    // A caller that is killed may leave its connection with an error; it ends in any case.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      if (held !== null) holder.end(held);
    });
    readLines(socket, (line) => {
      const ask = readAsk(line);
      if (ask === null || (ask === 'hold') !== (held === null)) return socket.destroy();
      if (ask === 'end') socket.end('{"ended":true}\n');
      if (ask !== 'hold') return undefined;
      held = holder.begin();
      held.then(
        (data) => socket.write(`${writeHeld(data)}\n`),
        (error: Error) => socket.end(`${writeFault({ code: codeOf(error), message: error.message })}\n`),
      );
      return undefined;
    });
  };

  const server = createServer(serve);
  server.maxConnections = MOST_CONNECTIONS;
  await listenAt(server, data).catch((error: unknown) =>
    logger.warn(
      { err: error },
      'cannot create the control socket in the data folder: backups are possible only while Millrace is stopped',
    ),
  );
  return {
    async close() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
      await holder.idle();
      await rm(join(data, CONTROL_FILE), { force: true });
    },
  };
}

async function listenAt(server: ReturnType<typeof createServer>, data: string): Promise<void> {
  await rm(join(data, CONTROL_FILE), { force: true });
  const address = controlPath(data);
  try {
    server.listen(address.path);
    await once(server, 'listening');
  } finally {
    address.close();
  }
  await chmod(join(data, CONTROL_FILE), 0o600);
}
