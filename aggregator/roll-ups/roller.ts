import { compileMetric } from '#aggregates/judge/compile-metric.ts';
import type { ActiveMetric } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { MINUTE } from '#contracts/text/duration.ts';
import { rollUpCommitted } from '../core/roll-ups/roll-up-committed.ts';
import type { Shared } from '../deps.ts';
import { runRollUps } from './run-roll-ups.ts';

/** ms between two lines about roll-ups that lag. */
const QUIET = MINUTE;

/**
 * Rolls up what the owned partitions have committed since the last run (rule 5), and goes on while there is more, as in a Store that
 * has been filled without tiers. It reads what it needs from the Store, so that no state is lost or stale, and flushes never wait for it.
 */
export function createRoller(shared: Shared): () => Promise<void> {
  const { store, owners, metrics, logger, clock, closing } = shared;
  const metricOf = createReader();
  let toldAt = Number.NEGATIVE_INFINITY;
  let isCatchingUp = false;

  const tell = (lag: number): void => {
    metrics.set('millrace_aggregator_rollup_lag_seconds', lag / 1_000);
    if (lag === 0) {
      if (isCatchingUp) logger.info('roll-ups are complete');
      isCatchingUp = false;
      return;
    }
    const now = clock();
    if (isCatchingUp && Math.abs(now - toldAt) < QUIET) return;
    logger.info({ days: Math.round(lag / 86_400_000) }, 'rolling up stored panes in the background');
    isCatchingUp = true;
    toldAt = now;
  };
  return async () => {
    for (let left = true; left && !closing.aborted; ) {
      const commits = (await store.readCommits()).filter(({ part }) => owners.has(part));
      const marks = await store.readMarks();
      const done = await runRollUps(shared, rollUpCommitted({ commits, marks, metricOf }));
      if (done === null) return;
      tell(done.lag);
      left = done.left;
    }
  };
}

/** Definitions are read once: a version's never changes what is folded. */
function createReader(): (active: ActiveMetric) => Metric | null {
  const known = new Map<string, Metric | null>();
  return ({ metric, version, definition }) => {
    const key = `${version} ${metric}`;
    let read = known.get(key);
    if (read === undefined) {
      const compiled = compileMetric(metric, definition, Number.POSITIVE_INFINITY);
      read = compiled.ok ? compiled.value.metric : null;
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(key, read);
    }
    return read;
  };
}

/** Definitions that are remembered; beyond that they are read anew. */
const MOST_KNOWN = 10_000;
