import { compileMetric } from '#aggregates/judge/compile-metric.ts';
import { MillraceError } from '#contracts/errors.ts';
import { nextOf } from '#contracts/log/added.ts';
import { fillCaps } from '#contracts/log/control.ts';
import { type ActiveMetric, addedPart, backfillPart } from '#contracts/log/rows.ts';
import type { BackfillFailure } from '#contracts/log/system-record.ts';
import type { BackfilledUpdate } from '#contracts/log/update.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { wordsForAll } from '#platform/process/words-for-all.ts';
import { BackfillQueue, type Fill, isPassing, type Lack } from '../core/backfill-queue.ts';
import { rollUpFilled } from '../core/roll-ups/roll-up-filled.ts';
import type { Shared } from '../deps.ts';
import type { Publisher } from '../output/publisher.ts';
import { createFailureLog } from '../report-failure.ts';
import { runRollUps } from '../roll-ups/run-roll-ups.ts';

export interface Backfiller {
  /** Starts the back-fills that are missing and due, a few metrics at a time. Failures are listed by `failures`, and retried. */
  run(): Promise<void>;
  failures(): BackfillFailure[];
  /** Resolves when no back-fill is running; after closing none starts. */
  close(): Promise<void>;
}

const WARNING = 'backfill_failing';

/**
 * Fills in by the SQL fold what lies before a metric's activation, and what was imported or is late and asked for. Readers are notified before the commit row records
 * it: after a crash between the two they are notified twice, but never missed.
 */
export function createBackfiller(shared: Shared, publisher: Publisher): Backfiller {
  const { owners, clock, closing, settings, metrics, warnings, random = Math.random } = shared;
  const queue = new BackfillQueue();
  const failureLog = createFailureLog(shared, 'backfill');
  /** Metrics that are being filled in. */
  const busy = new Set<string>();
  const running = new Set<Promise<void>>();
  let resting = false;
  /** Metrics whose added events were filled in a moment ago. */
  const pauses = new Map<string, Pause>();

  const lacking = (): Lack[] =>
    [...owners.values()].flatMap(({ live }) =>
      live
        .lacking(isCancelled(shared))
        .filter(({ history, active }) => history || !isPaused(pauses.get(active.metric), clock()))
        .map((lack) => ({ partition: live.partition, caps: fillCaps(live.settings), ...lack })),
    );
  const fill = createFill(shared, publisher);
  const attempt = async (lacks: Fill): Promise<void> => {
    const { metric } = lacks[0].active;
    busy.add(metric);
    const begun = clock();
    try {
      await fill(lacks);
      queue.done(lacks);
      pauses.set(metric, { from: clock(), ms: Math.max(0, clock() - begun) });
    } catch (error) {
      const code = codeOf(error);
      const message = wordsForAll(error);
      queue.failed(lacks, { code, message }, { now: clock(), random: random() });
      failureLog.add(error, { metric });
      // Where the Store or the Log is away, all others would fail as well.
      if (isPassing(code)) resting = true;
    }
    busy.delete(metric);
  };
  /** Starts what is due, up to the limit, and checks again after each back-fill, so that newer ones need not wait. */
  const pump = (): void => {
    while (!closing.aborted && !resting && running.size < settings.backfills) {
      const next = queue.next(lacking(), busy, clock());
      if (next === null) return;
      const one: Promise<void> = attempt(next).then(() => {
        running.delete(one);
        pump();
      });
      running.add(one);
    }
  };
  const tell = (): void => {
    const waiting = lacking();
    queue.keep(waiting);
    for (const [metric, pause] of pauses) if (!isPaused(pause, clock())) pauses.delete(metric);
    const failing = queue.failures().length;
    const all = new Set(waiting.map(({ active }) => active.metric)).size;
    metrics.set('millrace_aggregator_backfills', failing, { state: 'failing' });
    metrics.set('millrace_aggregator_backfills', Math.max(0, all - failing), { state: 'waiting' });
    const message = `The back-fill of ${failing} metrics fails; GET /v1/metrics says which, and why.`;
    if (failing > 0) warnings.raise(WARNING, message);
    else warnings.clear(WARNING);
  };
  return {
    async run() {
      resting = false;
      pump();
      tell();
    },
    failures: () => queue.failures(),
    async close() {
      await Promise.all(running);
    },
  };
}

/**
 * As long as the last fill of a metric took: while events are imported, each block makes hours lack something, and filling them in
 * takes half of the time at most.
 */
interface Pause {
  from: number;
  ms: number;
}

const isPaused = (pause: Pause | undefined, now: number): boolean =>
  pause !== undefined && now >= pause.from && now < pause.from + pause.ms;

/** One statement for all partitions of a metric version, and another one for its added events; then their tiers, in chunks. */
function createFill(
  shared: Pick<Shared, 'store' | 'owners' | 'logger' | 'closing'>,
  publisher: Publisher,
): (lacks: Fill) => Promise<void> {
  const { store, owners, logger } = shared;
  return async (lacks) => {
    const [{ caps, active }] = lacks;
    const { metric, version, definition } = active;
    const compiled = compileMetric(metric, definition, Infinity);
    if (!compiled.ok) throw new MillraceError(compiled.fault);
    const scope = { metric: compiled.value.metric, version };
    const history = lacks
      .filter((lack) => lack.history)
      .map(({ partition, active: { activation } }) => ({ partition, before: activation }));
    const added = lacks.flatMap((lack) =>
      lack.added === null ? [] : [{ partition: lack.partition, ...lack.added }],
    );
    if (history.length > 0) await store.backfill({ ...scope, ...caps, partitions: history });
    const [first] = added;
    if (first !== undefined) await store.fillAdded({ ...scope, ...first.caps, partitions: added });
    const parts = [
      ...history.map(({ partition }) => backfillPart(partition)),
      ...added.map(({ partition }) => addedPart(partition)),
    ];
    // Where the worker closes meanwhile, the next owner fills it in again.
    if ((await runRollUps(shared, rollUpFilled({ ...scope, parts }))) === null) return;
    // Readers take the history of a version for complete when `~p` is told: what was imported before is in, too.
    await publisher.announce([
      ...added.map((one) => told(active, addedPart(one.partition), nextOf(one))),
      ...history.map(({ partition, before }) => told(active, backfillPart(partition), before)),
    ]);
    for (const lack of lacks) owners.get(lack.partition)?.live.markFilled(lack);
    if (history.length > 0)
      logger.info({ metric, version, partitions: history.length }, 'back-fill complete');
    if (added.length > 0)
      logger.info({ metric, version, partitions: added.length }, 'imported and late events are filled in');
  };
}

const told = ({ metric, version }: ActiveMetric, part: string, activation: number): BackfilledUpdate => ({
  kind: 'backfilled',
  metric,
  version,
  part,
  activation,
});

/** Whether the newest rebuild of a metric version was called off; what was asked for before it is done by then, or is not wanted either. */
const isCancelled =
  ({ catalog }: Pick<Shared, 'catalog'>) =>
  ({ metric, added }: ActiveMetric): boolean => {
    const rebuild = catalog.catalog.metrics.get(metric)?.rebuild;
    const late = added?.late;
    if (rebuild === undefined || late === undefined) return false;
    return rebuild.cancelled && late.request <= rebuild.request;
  };
