import { checkAggregate } from '#aggregates/registry.ts';
import { type Definition, foldsOf } from '#contracts/log/definition-record.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import { formatDuration } from '#contracts/text/duration.ts';
import type { Shared } from '../deps.ts';

const WARNING = 'horizon_below_lateness';

/** Lateness of each definition in ms, read once; null for one that cannot be read, which the partition's owner reports. */
const LATENESS = new WeakMap<Record<string, unknown>, number | null>();

/**
 * Warns of metrics whose lateness exceeds the time that ids are remembered: a lowered MILLRACE_HORIZON ends none of them,
 * but a repeat of an event later than that counts again, and where such a metric has not started yet it does not start.
 */
export function createHorizonWatch({
  catalog,
  settings: { horizon },
  logger,
  warnings,
}: Pick<Shared, 'catalog' | 'settings' | 'logger' | 'warnings'>): () => void {
  let told = '';
  return () => {
    const above = [...catalog.catalog.metrics.values()]
      .map((definition) => ({ id: definition.id, lateness: longestLateness(definition) }))
      .filter(({ lateness }) => lateness > horizon);
    const names = above.map(({ id }) => id).sort();
    const text = names.join(' ');
    if (text === told) return;
    told = text;
    if (names.length === 0) {
      warnings.clear(WARNING);
      return;
    }
    const need = formatDuration(Math.max(...above.map(({ lateness }) => lateness)));
    const message =
      `MILLRACE_HORIZON is ${formatDuration(horizon)}, below the lateness of ${names.length} metrics: repeats of their late events are counted again, ` +
      `and those that have not started cannot start. Set it to ${need} or more, or define these metrics with a shorter lateness; GET /v1/metrics says which.`;
    logger.warn({ code: WARNING, metrics: names.slice(0, MOST_NAMED) }, message);
    warnings.raise(WARNING, message);
  };
}

/** Metrics that a line of the log names. */
const MOST_NAMED = 20;

function longestLateness(definition: Definition): number {
  const all = foldsOf(definition).map(({ body }) => {
    const known = LATENESS.get(body);
    if (known !== undefined) return known;
    const read = parseMetric(definition.id, body, {
      checkAggregate,
      horizon: Number.POSITIVE_INFINITY,
      stored: true,
    });
    const lateness = read.ok ? read.value.lateness : null;
    LATENESS.set(body, lateness);
    return lateness;
  });
  return Math.max(...all.map((lateness) => lateness ?? 0));
}
