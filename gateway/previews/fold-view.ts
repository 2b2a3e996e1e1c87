import { MillraceError } from '#contracts/errors.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import type { Timeline } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { FoldedMetric } from '../core/derived/expand-derived.ts';
import { LiveView } from '../core/view/live-view.ts';
import { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps } from '../deps.ts';
import { createReadRunner, type ReadRunnerDeps } from '../views/read-runner.ts';
import { idOfText } from '../views/view-id.ts';
import { checkCells, checkTable, type ViewLimits } from '../views/view-limits.ts';
import type { ArchivedPosition } from './archived-position.ts';

/** A view of a metric that is not saved, as if it were, with what it shows. */
export interface FoldedView {
  live: LiveView;
  contents: FrameView;
  timeline: Timeline | null;
  earlier: Timeline | null;
}

export interface FoldBounds extends ViewLimits {
  /** States in memory: of panes that can still change. */
  cells: number;
  hotBytes: number;
}

/**
 * A hub that holds one view, at a position at which nothing moves any more: the very code that gives the values of saved metrics
 * gives those of a preview, from reads that fold the archive.
 */
export function openFoldedView(
  view: View,
  known: FoldedMetric,
  position: ArchivedPosition,
  bounds: FoldBounds,
) {
  const hub = new ViewHub({
    ...bounds,
    offset: 0,
    ends: new Map([[PARTITION, 0]]),
    commits: [],
    idOf: idOfText,
  });
  const { asOf, shown } = position;
  const facts = { partition: PARTITION, next: 0, committed: 0, watermark: shown, asOf, shown };
  hub.apply(0, { kind: 'facts', partitions: [facts] });
  const live = hub.open(view, known.version, known);
  if (!(live instanceof LiveView)) throw new TypeError('A preview is one of a metric that folds events.');
  return { hub, live };
}

/** What is read is merged of all partitions. */
const PARTITION = 0;

/** Reads what the view wants, and returns its contents. Throws the fault of a view that ends, and where `stop` says so. */
export async function readFoldedView(
  { hub, live }: ReturnType<typeof openFoldedView>,
  {
    store,
    logger,
    metrics,
    limits,
    stop,
  }: Pick<GatewayDeps, 'logger' | 'metrics'> & {
    store: ReadRunnerDeps['store'];
    limits: ViewLimits;
    stop: AbortSignal;
  },
): Promise<FoldedView> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const turns = createOneAtATime();
  const ended = new AbortController();
  const until = AbortSignal.any([stop, ended.signal]);
  let isFilling = false;
  const fill = async (): Promise<void> => {
    isFilling = true;
    await runInTurns(hub.filling());
    isFilling = false;
    pump();
  };
  const pump = (): void => {
    if (until.aborted) return;
    runner.run(hub);
    const tooLarge = hub.isOpen(live) ? checkCells(live, limits) : null;
    const fault = tooLarge ?? hub.drainEnded()[0]?.fault ?? null;
    if (fault !== null) reject(new MillraceError(fault));
    else if (hub.isFillable && !isFilling) fill().catch(reject);
    else if (!isFilling && hub.isReady(live)) resolve();
  };
  const runner = createReadRunner(
    { store, logger, metrics },
    { stop: until, limits, turns, done: () => pump() },
  );
  const abort = (): void => reject(stop.reason);
  stop.addEventListener('abort', abort, { once: true });
  try {
    stop.throwIfAborted();
    pump();
    await promise;
    await runInTurns(live.contents.compute());
    const fault = checkTable(live, limits.viewCells);
    if (fault !== null) throw new MillraceError(fault);
    const contents = await runInTurns(live.snapshot());
    return { live, contents, timeline: live.range.timeline, earlier: live.earlier?.timeline ?? null };
  } finally {
    stop.removeEventListener('abort', abort);
    ended.abort();
    hub.close(live);
    await runner.idle();
  }
}
