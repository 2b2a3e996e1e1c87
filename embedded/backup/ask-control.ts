import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { MillraceError } from '#contracts/errors.ts';
import { within } from '#platform/process/tasks/within.ts';
import { type Held, isEnd, readHeld, readLines, SIGN_EVERY } from './control-messages.ts';
import { controlPath } from './control-path.ts';

/** Data that a process works in, held for a copy. */
export interface RemoteHold extends Held {
  /** Aborts when it is held no longer. */
  lost: AbortSignal;
  /** Ends the hold; resolves if nothing changed up to now, else rejects with `backup_interrupted`. */
  end(): Promise<void>;
  /** Releases the data, whatever was copied. */
  drop(): void;
}

/** ms for the process to hold its data, and to answer the end. */
const DEADLINE = 120_000;
/** What a system reports when no process listens at the address. */
const NOBODY = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'];

/** Asks the process that works in the folder to hold its data; null if none listens. Rejects with its refusal. */
export async function askForHold(data: string): Promise<RemoteHold | null> {
  const socket = await open(data);
  if (socket === null) return null;
  const lost = new AbortController();
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  readLines(socket, (line) => {
    lines.push(line);
    for (const wake of waiting.splice(0)) wake();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    lost.abort(interrupted('The process has ended or given up the backup'));
    for (const wake of waiting.splice(0)) wake();
  });
  const nextLine = async (): Promise<string> => {
    while (lines.length === 0) {
      if (lost.signal.aborted) throw lost.signal.reason;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    return lines.shift()!;
  };
  const say = (ask: string): boolean => socket.write(`{"ask":"${ask}"}\n`);
  const soon = (work: Promise<string>): Promise<string> =>
    within(work, DEADLINE, {
      code: 'backup_interrupted',
      message: `The process did not answer within ${DEADLINE / 1_000} s.`,
    });

  const signs = setInterval(() => say('stay'), SIGN_EVERY);
  socket.on('close', () => clearInterval(signs));
  try {
    say('hold');
    const held = readHeld(await soon(nextLine()));
    return {
      ...held,
      lost: lost.signal,
      async end() {
        clearInterval(signs);
        say('end');
        if (!isEnd(await soon(nextLine()))) throw interrupted('The process did not confirm the backup');
        socket.destroy();
      },
      drop: () => socket.destroy(),
    };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function open(data: string): Promise<Socket | null> {
  const address = controlPath(data);
  try {
    const socket = connect(address.path);
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    if (NOBODY.includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw new MillraceError(
      {
        code: 'backup_interrupted',
        message: `Cannot reach the process that uses ${data}: ${(error as Error).message}.`,
      },
      { cause: error },
    );
  } finally {
    address.close();
  }
}

const interrupted = (what: string): MillraceError =>
  new MillraceError({ code: 'backup_interrupted', message: `${what}; what was copied is not a backup.` });
