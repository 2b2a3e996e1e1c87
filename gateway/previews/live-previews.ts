import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, MillraceError, ok, type Result, refuse } from '#contracts/errors.ts';
import { foldText } from '#contracts/metric/metric.ts';
import { previewId } from '#contracts/view/asked-metric.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { OneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import type { OpenView } from '../core/view/live-view.ts';
import { keyOf } from '../core/view/view-source.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps } from '../deps.ts';
import { describeView } from '../views/metric-lookup.ts';
import type { UpdateTail } from '../views/update-tail.ts';
import { type ArchivedPosition, takePosition } from './archived-position.ts';
import type { FoldBounds } from './fold-view.ts';
import {
  evaluateWhole,
  isDue,
  type KeptPreview,
  refreshPreview,
  renewNotes,
  showNothing,
} from './kept-preview.ts';
import { PreviewView } from './preview-view.ts';
import { ANSWER_AFTER } from './previews.ts';
import type { SliceSizes } from './range-survey.ts';
import { type PreviewRules, readPreviewSubscription, UNSAVED } from './read-preview.ts';

/** Views of definitions that are not saved, kept up to date while somebody has them. */
export interface LivePreviews {
  /** Gets or opens the view of a request in a hub; it can answer after a while, with what is there by then. */
  open(request: unknown, hub: ViewHub): Result<{ live: OpenView; info: ViewInfo }>;
  /** Ends all work. A statement that has begun ends by itself, and changes nothing any more. */
  close(): Promise<void>;
}

/** Previews of all connections that are kept up to date. */
export const MOST_KEPT = 8;
/** ms between two looks at what has come. */
const LOOK_EVERY = 1_000;

interface LivePreviewsDeps extends Pick<GatewayDeps, 'store' | 'logger' | 'metrics' | 'catalog'> {
  updateTail: Pick<UpdateTail, 'hub' | 'atRest' | 'pump'>;
  bounds: FoldBounds;
  rules: PreviewRules;
  /** Whole ranges are folded one at a time, of whatever preview. */
  turns: OneAtATime;
  /** How long the first answer waits, ms. */
  answerAfter?: number;
  /** ms between two looks. */
  lookEvery?: number;
  slices?: SliceSizes;
}

export function createLivePreviews(deps: LivePreviewsDeps): LivePreviews {
  const { updateTail, rules, turns, logger, answerAfter = ANSWER_AFTER, lookEvery = LOOK_EVERY } = deps;
  const kept = new Map<string, KeptPreview>();
  const stop = new AbortController();
  let looking: Promise<void> | null = null;

  const isOpen = ({ view, hub }: Pick<KeptPreview, 'view' | 'hub'>): boolean =>
    updateTail.hub === hub && hub.isOpen(view) && !stop.signal.aborted;
  const dropClosed = (): void => {
    for (const [key, one] of kept) {
      if (isOpen(one)) continue;
      kept.delete(key);
      one.stop.abort();
      clearTimeout(one.timer);
    }
  };
  const positionOf = (): Promise<ArchivedPosition> =>
    takePosition(updateTail.hub, {
      store: deps.store,
      wait: (ms) => sleep(ms, undefined, { signal: stop.signal }),
      now: () => performance.now(),
    });
  const end = (one: KeptPreview, error: unknown): void => {
    if (!isOpen(one)) return;
    if (!(error instanceof MillraceError))
      logger.error({ err: error, code: codeOf(error) }, 'cannot evaluate a preview');
    one.hub.end(one.view, error instanceof MillraceError ? faultIn(error) : UNREAD);
    updateTail.pump();
  };
  /** Evaluates the whole range when its turn has come; what came meanwhile is looked at after that. */
  const evaluate = (one: KeptPreview): void => {
    one.isEvaluating = true;
    turns
      .run(async () => {
        if (isOpen(one)) await evaluateWhole(one, await positionOf(), deps);
      })
      .catch((error: unknown) => end(one, error))
      .finally(() => {
        one.isEvaluating = false;
      });
  };
  const renew = (one: KeptPreview): void => {
    one.isNoting = true;
    turns
      .run(async () => {
        if (isOpen(one)) await renewNotes(one, await positionOf(), deps);
      })
      .catch((error: unknown) => {
        if (isOpen(one))
          logger.warn({ err: error, code: codeOf(error) }, 'cannot renew what is known of a preview');
      })
      .finally(() => {
        one.isNoting = false;
      });
  };
  const look = async (): Promise<void> => {
    const ready = [...kept.values()].filter(({ at, isEvaluating }) => at !== null && !isEvaluating);
    if (ready.length === 0) return;
    const position = await positionOf();
    for (const one of ready) {
      if (!isOpen(one)) continue;
      try {
        if ((await refreshPreview(one, position, deps)) === 'whole') evaluate(one);
        else if (isDue(one)) renew(one);
      } catch (error) {
        if (isForGood(error)) end(one, error);
        else if (isOpen(one)) logger.warn({ err: error, code: codeOf(error) }, 'cannot refresh a preview');
      }
    }
  };
  const keepLooking = async (): Promise<void> => {
    for (let wait = lookEvery; kept.size > 0; dropClosed()) {
      await sleep(wait, undefined, { signal: stop.signal }).catch(() => {});
      dropClosed();
      const began = performance.now();
      await look().catch((error: unknown) => {
        // The views stand still meanwhile, and say so.
        if (!stop.signal.aborted)
          logger.warn({ err: error, code: codeOf(error) }, 'cannot take a position for previews');
      });
      wait = Math.max(0, lookEvery - (performance.now() - began));
    }
    looking = null;
  };
  return {
    open(request, hub) {
      if (stop.signal.aborted) return refuse('shutting_down', 'The gateway is stopping; ask again.');
      const asked = readPreviewSubscription(request, rules);
      if (!asked.ok) return asked;
      const { known, view } = asked.value;
      const shown = { ...view, metric: previewId(foldText(known.metric)) };
      const info = describeView(shown, known);
      dropClosed();
      const key = keyOf(shown, UNSAVED);
      const open = kept.get(key);
      if (open !== undefined) return ok({ live: open.view, info });
      if (kept.size >= MOST_KEPT) return { ok: false, fault: TOO_MANY };
      const live = new PreviewView(shown, info.outputs.length);
      hub.adopt(live);
      const one: KeptPreview = {
        ...{
          view: live,
          hub,
          asked: asked.value,
          at: null,
          took: 0,
          isEvaluating: false,
          notedAt: 0,
          isNoting: false,
        },
        stop: new AbortController(),
        timer: setTimeout(() => {
          if (isOpen(one)) showNothing(one, deps);
        }, answerAfter),
        isOpen: () => isOpen(one),
      };
      kept.set(key, one);
      evaluate(one);
      looking ??= keepLooking();
      return ok({ live, info });
    },
    async close() {
      stop.abort();
      dropClosed();
      await looking;
    },
  };
}

/** Whether asking again is in vain: the definition shows more than it may. */
const isForGood = (error: unknown): boolean =>
  error instanceof MillraceError && error.code === 'view_too_large';

const faultIn = ({ code, message, field }: MillraceError): Fault => ({
  code,
  message,
  ...(field === undefined ? {} : { field }),
});

const UNREAD: Fault = {
  code: 'store_unavailable',
  message: 'The archive could not be read for the preview.',
};

const TOO_MANY: Fault = {
  code: 'too_many_waits',
  field: 'definition',
  message: `The gateway keeps ${MOST_KEPT} previews up to date, the limit. Ask again when one has ended; POST /v1/preview answers once.`,
};
