/** The metric that counts all events by name, which `GET /v1/schema` reads. */
export const EVENT_COUNTS = '$events';

/**
 * Metrics that exist without a person who defines them, in canonical form. They are defined, folded and filled in like others;
 * nobody can change them, and lists of metrics leave them out. Panes of 10 s keep them cheap: there are as many groups as names.
 */
export const BUILT_IN_METRICS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  [EVENT_COUNTS]: {
    id: EVENT_COUNTS,
    title: 'Events by name',
    event: '*',
    aggregate: 'count',
    groupBy: ['$event'],
    window: '10s',
    pane: '10s',
    lateness: '1m',
    retention: { '1s': '30d', '1m': '30d', '1h': '1095d' },
  },
};

/** Whether it is the id of a built-in metric: no id that a person can give begins with `$`. */
export const isBuiltIn = (id: string): boolean => Object.hasOwn(BUILT_IN_METRICS, id);
