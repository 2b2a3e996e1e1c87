import type { FastifyReply } from 'fastify';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { createBoundedQueue } from '#platform/process/tasks/bounded-queue.ts';

/** Requests that run or wait for their turn. */
const MAX_WAITING = 100;

/** Reads of the archive for requests, one at a time, so that views find the Store free. */
export interface ArchiveReads {
  /** `mustGoOn` throws where nobody waits for the answer any more: to be called between two statements. */
  run<T>(reply: FastifyReply, work: (mustGoOn: () => void) => Promise<T>): Promise<T>;
}

export function createArchiveReads(): ArchiveReads {
  const queue = createBoundedQueue(MAX_WAITING, tooMany);
  return {
    run: (reply, work) =>
      queue.run(async () => {
        const mustGoOn = (): void => {
          if (reply.raw.destroyed) throw new MillraceError(GONE);
        };
        mustGoOn();
        return work(mustGoOn);
      }),
  };
}

const tooMany = (most: number): Fault => ({
  code: 'too_many_waits',
  message: `${most} requests for events wait already; try again later.`,
});

/** Nobody reads it. */
const GONE: Fault = { code: 'shutting_down', message: 'The connection has ended.' };
