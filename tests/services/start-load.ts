import { setTimeout as wait } from 'node:timers/promises';
import type { CrashEvent, Workload } from '../crash/crash-workload.ts';
import { postBatch } from '../testing/post-batch.ts';

/** A steady load on all addresses of ingest, from several senders that time out, retry elsewhere, and sometimes give up. */
export interface Load {
  /** Ids of events that were acknowledged at least once. */
  readonly acknowledged: ReadonlySet<string>;
  /** Sends no new batches; resolves when those under way are acknowledged or given up. */
  stop(): Promise<void>;
}

const SENDERS = 2;
const EVERY = 150;
/** Shorter than a pause: requests to a paused process time out, and it may accept the events all the same. */
const ANSWER_WITHIN = 3_000;
/** Share of failed attempts after which a batch is never sent again. */
const GIVE_UP = 0.05;

export function startLoad(urls: readonly string[], { next, random }: Workload): Load {
  const acknowledged = new Set<string>();
  let stopping = false;
  const deliver = async (batch: readonly CrashEvent[], first: number): Promise<void> => {
    for (let attempt = first; ; attempt++) {
      if (await postBatch(urls[attempt % urls.length]!, batch, ANSWER_WITHIN)) {
        for (const { id } of batch) acknowledged.add(id);
        return;
      }
      if (random() < GIVE_UP) return;
      await wait(200 * random());
    }
  };
  const send = async (sender: number): Promise<void> => {
    for (let batch = sender; !stopping; batch++) {
      const [delivered] = await Promise.allSettled([deliver(next(Date.now()), batch), wait(EVERY)]);
      if (delivered.status === 'rejected') throw delivered.reason;
    }
  };
  const senders = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
  // `stop` reports a failure.
  senders.catch(() => {});
  return {
    acknowledged,
    async stop() {
      stopping = true;
      await senders;
    },
  };
}
