import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export interface DiscardLimits {
  /** Bytes and ms of a refused body that are read for nothing at most. */
  bytes: number;
  time: number;
}

const LIMITS: DiscardLimits = { bytes: 32_000_000, time: 2_000 };

/**
 * Lets a client that still sends its body read the answer. A socket that is closed with unread bytes in it is reset, and
 * a reset throws away the answer that was on its way (RFC 9112, 9.6). So the whole answer is written at once, then the
 * rest of the body is read and discarded within limits and as long as `maySend` says so, and only then the connection is
 * closed.
 */
export function answerEarly(
  server: FastifyInstance,
  maySend: (request: FastifyRequest) => boolean,
  limits: DiscardLimits = LIMITS,
): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || !isUnread(request.raw)) return payload;
    // A body that came together with the head is parsed only after the handler has run.
    await nextTurn();
    if (!isUnread(request.raw)) return payload;
    reply.header('connection', 'close').header('content-length', Buffer.byteLength(payload));
    const discarded = (): Promise<void> => discard(request.raw, () => maySend(request), limits);
    return Readable.from(answerThen(payload, discarded), { objectMode: false });
  });
}

const isUnread = ({ complete, headers }: IncomingMessage): boolean =>
  complete === false && (headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0);

async function* answerThen(answer: string, discarded: () => Promise<void>): AsyncGenerator<Buffer> {
  yield Buffer.from(answer);
  await discarded();
}

/** Resolves when the body has ended, or its connection, or a limit is reached. */
function discard(
  body: IncomingMessage,
  maySend: () => boolean,
  { bytes, time }: DiscardLimits,
): Promise<void> {
  if (body.complete || body.destroyed || !maySend()) return Promise.resolve();
  return new Promise((resolve) => {
    let left = bytes;
    const count = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left < 0 || !maySend()) finish();
    };
    const finish = (): void => {
      clearTimeout(timer);
      body.off('data', count).off('end', finish).off('close', finish).off('error', finish);
      body.pause();
      resolve();
    };
    const timer = setTimeout(finish, time);
    body.on('data', count).on('end', finish).on('close', finish).on('error', finish);
    body.resume();
  });
}
