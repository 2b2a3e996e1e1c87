import { MillraceError } from '#contracts/errors.ts';
import type { FoldSettings } from '#contracts/log/control.ts';
import type { BackfillFailure } from '#contracts/log/system-record.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { wordsForAll } from '#platform/process/words-for-all.ts';
import { BackfillQueue, type Fill, isPassing, type Lack } from '../core/backfill-queue.ts';
import { compileMetric } from '../core/compile-metric.ts';
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
 * Fills in what lies before a metric's activation by the SQL fold. Readers are notified before the commit row records
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

  const lacking = (): Lack[] =>
    [...owners.values()].flatMap(({ live }) =>
      live.fillable.map((active) => ({ partition: live.partition, caps: capsOf(live.settings), active })),
    );
  const fill = createFill(shared, publisher);
  const attempt = async (lacks: Fill): Promise<void> => {
    const { metric } = lacks[0].active;
    busy.add(metric);
    try {
      await fill(lacks);
      queue.done(lacks);
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

const capsOf = ({ groups, valueLength }: FoldSettings): Lack['caps'] =>
  valueLength === undefined ? { groups } : { groups, valueLength };

/** One statement for all partitions of a metric version; then its tiers, in chunks. */
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
    const partitions = lacks.map(({ partition, active: { activation } }) => ({
      partition,
      before: activation,
    }));
    const filled = { metric: compiled.value.metric, version };
    await store.backfill({ ...filled, partitions, ...caps });
    const parts = partitions.map(({ partition }) => `~${partition}`);
    // Where the worker closes meanwhile, the next owner fills it in again.
    if ((await runRollUps(shared, rollUpFilled({ ...filled, parts }))) === null) return;
    await publisher.announce(
      partitions.map(({ partition, before }) => ({
        kind: 'backfilled' as const,
        metric,
        version,
        part: `~${partition}`,
        activation: before,
      })),
    );
    for (const { partition } of partitions) owners.get(partition)?.live.markBackfilled(metric, version);
    logger.info({ metric, version, partitions: partitions.length }, 'back-fill complete');
  };
}
