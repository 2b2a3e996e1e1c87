import { formatDuration, MINUTE } from '../text/duration.ts';

/** The metric that counts all events by name, which `GET /v1/schema` reads. */
export const EVENT_COUNTS = '$events';

/** How late an event may be and still count, ms, where the horizon allows it. */
const LATENESS = 10 * MINUTE;

/**
 * Metrics that exist without a person who defines them, in canonical form. They are defined, folded and filled in like others;
 * nobody can change them, and lists of metrics leave them out. Panes of 10 s keep them cheap: there are as many groups as names.
 * `horizon`: upper bound of every lateness, ms (rule 3).
 */
export const builtInMetrics = (horizon: number): Record<string, Record<string, unknown>> => ({
  [EVENT_COUNTS]: {
    id: EVENT_COUNTS,
    title: 'Events by name',
    event: '*',
    aggregate: 'count',
    groupBy: ['$event'],
    window: '10s',
    pane: '10s',
    lateness: formatDuration(Math.min(LATENESS, horizon)),
    retention: { '1s': '30d', '1m': '30d', '1h': '1095d' },
  },
});

/** Whether it is the id of a built-in metric: no id that a person can give begins with `$`. */
export const isBuiltIn = (id: string): boolean => id === EVENT_COUNTS;
