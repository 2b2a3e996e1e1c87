import type { Socket } from 'node:net';
import { type Fault, isErrorCode, MillraceError, shown } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';
import { fits } from '#contracts/schema/fits.ts';
import type { Schema } from '#contracts/schema/schema.ts';
import { MINUTE } from '#contracts/text/duration.ts';
import type { DataHold } from './hold-data.ts';

/*
 * One line of JSON each. The caller sends {"ask":"hold"}, receives {"held":…} or {"fault":…}, and sends {"ask":"stay"} now
 * and then while it copies. The hold ends with the connection, or with {"ask":"end"}; its answer {"ended":true} confirms
 * that nothing changed until then.
 */

/** ms between two keep-alives of the caller, and after which a silent caller is given up. */
export const SIGN_EVERY = 2_000;
export const SILENT_FOR = MINUTE;

export const ASKS = ['hold', 'stay', 'end'] as const;
export type Ask = (typeof ASKS)[number];

/** What is held, as sent to the caller. */
export type Held = Omit<DataHold, 'release'>;

/** The same on the wire; `head` in base64. */
const HELD = {
  type: 'object',
  required: ['file', 'bytes', 'head', 'storeFolder'],
  properties: {
    file: { type: 'string' },
    bytes: { type: 'integer' },
    head: { type: 'string' },
    storeFolder: { type: 'string' },
  },
} as const satisfies Schema;

const MOST = 100_000;

/** Calls back with each whole line; a longer one than any of ours ends the connection. */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length > MOST) socket.destroy();
  });
}

export const writeHeld = ({ log, storeFolder }: Held): string =>
  JSON.stringify({
    held: { file: log.file, bytes: log.bytes, head: Buffer.from(log.head).toString('base64'), storeFolder },
  });

export const writeFault = ({ code, message }: Pick<Fault, 'code' | 'message'>): string =>
  JSON.stringify({ fault: { code, message } });

/** Returns null for a text that is not one. */
export function readAsk(line: string): Ask | null {
  const { ask } = readObject(line);
  return ASKS.find((known) => known === ask) ?? null;
}

/** Throws the fault that was received, or `backup_interrupted` for an unreadable line. */
export function readHeld(line: string): Held {
  const { held, fault } = readObject(line);
  if (fault !== undefined) throw toldFault(fault);
  if (fits(HELD, held)) {
    const { file, bytes, head, storeFolder } = held;
    return { log: { file, bytes, head: Buffer.from(head, 'base64') }, storeFolder };
  }
  throw new MillraceError({
    code: 'backup_interrupted',
    message: `Cannot read the answer of the process: ${shown(line)}.`,
  });
}

export const isEnd = (line: string): boolean => readObject(line).ended === true;

function toldFault(fault: unknown): MillraceError {
  const { code, message } = isRecord(fault) ? fault : {};
  return new MillraceError({ code: isErrorCode(code) ? code : 'internal', message: String(message) });
}

function readObject(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
