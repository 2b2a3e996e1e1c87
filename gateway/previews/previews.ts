import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { foldText } from '#contracts/metric/metric.ts';
import { viewText } from '#contracts/view/view.ts';
import type { OneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import type { GatewayDeps } from '../deps.ts';
import type { UpdateTail } from '../views/update-tail.ts';
import { takePosition } from './archived-position.ts';
import type { FoldBounds } from './fold-view.ts';
import type { SliceSizes } from './range-survey.ts';
import { type PreviewAsked, type Previewed, runPreview } from './run-preview.ts';

/** What is known of a preview when its caller is answered: all of it, or a part while the rest is under way. */
export type PreviewState =
  | { complete: true; previewed: Previewed }
  | { complete: false; previewed: Previewed | null; progress: number };

export interface PreviewQuery extends PreviewAsked {
  /** Who asks: one may have only a few under way. */
  owner: string;
  /** The caller has gone. */
  gone: AbortSignal;
}

/** Evaluates definitions that are not saved. */
export interface Previews {
  /**
   * Resolves when the preview is there, or with what is there after a while: the work goes on, and whoever asks the same soon
   * is given more. Throws what it is refused with.
   */
  ask(query: PreviewQuery): Promise<PreviewState>;
  /** Ends what is under way, and refuses what comes. A statement that has begun ends by itself, and nobody hears of it. */
  close(): void;
}

/** How long a caller waits for the whole, ms. */
export const ANSWER_AFTER = 1_800;
/** How long work goes on that nobody waits for, and what was found is kept, ms. */
const KEPT = 5_000;
/** Previews that run or wait to run, of all callers and of one. */
const MOST = 20;
const MOST_OF_OWNER = 3;

interface Job {
  owner: string;
  stop: AbortController;
  /** Callers that wait. */
  waiting: number;
  idle: NodeJS.Timeout | null;
  done: Promise<Previewed>;
  part: Previewed | null;
  progress: number;
}

export interface PreviewsDeps extends Pick<GatewayDeps, 'store' | 'logger' | 'metrics'> {
  updateTail: Pick<UpdateTail, 'hub'>;
  bounds: FoldBounds;
  /** Whole ranges are folded one at a time, of whatever preview: others wait, and views find the Store free. */
  turns: OneAtATime;
  /** How long a caller waits, ms. */
  answerAfter?: number;
  slices?: SliceSizes;
}

export function createPreviews({
  updateTail,
  bounds,
  turns,
  answerAfter = ANSWER_AFTER,
  slices,
  ...deps
}: PreviewsDeps): Previews {
  const jobs = new Map<string, Job>();
  let isClosed = false;

  const drop = (key: string, job: Job): void => {
    if (jobs.get(key) === job) jobs.delete(key);
    if (job.idle !== null) clearTimeout(job.idle);
    job.stop.abort(new MillraceError(ABANDONED));
  };
  const work = async (job: Job, asked: PreviewAsked): Promise<Previewed> => {
    const { signal } = job.stop;
    signal.throwIfAborted();
    const wait = (ms: number) => sleep(ms, undefined, { signal });
    const now = () => performance.now();
    const position = await takePosition(updateTail.hub, { store: deps.store, wait, now });
    return await runPreview(asked, {
      ...{ position, bounds, deps, stop: signal },
      ...(slices === undefined ? {} : { slices }),
      found(part) {
        job.part = part;
      },
      progress(done) {
        job.progress = Math.min(1, Math.max(job.progress, done));
      },
    });
  };
  const start = (key: string, { owner, known, view }: PreviewQuery): Job => {
    const own = [...jobs.values()].filter((job) => job.owner === owner).length;
    if (isClosed) throw new MillraceError(CLOSING);
    if (own >= MOST_OF_OWNER) throw new MillraceError(tooMany(MOST_OF_OWNER, 'of one caller '));
    if (jobs.size >= MOST) throw new MillraceError(tooMany(MOST, ''));
    const job: Job = {
      owner,
      stop: new AbortController(),
      waiting: 0,
      idle: null,
      done: turns.run(() => work(job, { known, view })),
      part: null,
      progress: 0,
    };
    // Who waits is told; nobody may.
    job.done.catch(() => {
      if (job.waiting === 0) drop(key, job);
    });
    jobs.set(key, job);
    return job;
  };
  /** Waits for the job as long as a caller does; null where it takes longer. */
  const awaitDone = async (job: Job, gone: AbortSignal): Promise<Previewed | null> => {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, gone, job.stop.signal]);
    const late = sleep(answerAfter, null, { signal }).catch(() => null);
    try {
      return await Promise.race([job.done, late]);
    } finally {
      over.abort();
    }
  };
  return {
    async ask(query) {
      const key = JSON.stringify([query.owner, foldText(query.known.metric), viewText(query.view)]);
      const job = jobs.get(key) ?? start(key, query);
      if (job.idle !== null) clearTimeout(job.idle);
      job.idle = null;
      job.waiting += 1;
      try {
        const previewed = await awaitDone(job, query.gone);
        if (previewed === null) job.stop.signal.throwIfAborted();
        if (previewed === null) return { complete: false, previewed: job.part, progress: job.progress };
        // Whoever asks again wants to know what has come since.
        if (job.waiting === 1) drop(key, job);
        return { complete: true, previewed };
      } catch (error) {
        drop(key, job);
        throw error;
      } finally {
        job.waiting -= 1;
        if (job.waiting === 0 && jobs.get(key) === job) job.idle = setTimeout(() => drop(key, job), KEPT);
      }
    },
    close() {
      isClosed = true;
      for (const [key, job] of [...jobs]) drop(key, job);
    },
  };
}

const CLOSING: Fault = { code: 'shutting_down', message: 'The gateway is stopping; ask again.' };
const ABANDONED: Fault = {
  code: 'shutting_down',
  message: 'The preview was ended: nobody waited for it, or the gateway is stopping. Ask again.',
};
const tooMany = (most: number, of: string): Fault => ({
  code: 'too_many_waits',
  message: `${most} previews ${of}are under way, the limit; wait for one of them.`,
});
