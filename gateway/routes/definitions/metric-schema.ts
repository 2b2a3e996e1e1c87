import { MAX_DIMENSIONS } from '#contracts/metric/metric.ts';
import { MAX_PATH } from '#contracts/metric/property-path.ts';

const duration = (description: string) => ({
  type: 'string',
  pattern: '^[0-9]{1,9}(ms|s|m|h|d)$',
  description,
});
const name = { type: 'string', minLength: 1, maxLength: 200 };
const path = { type: 'string', minLength: 1, maxLength: MAX_PATH };

/** A metric for /openapi.json; the rules themselves are `parseMetric`'s. */
export const METRIC_SCHEMA = {
  type: 'object',
  required: ['event', 'aggregate'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', description: 'Optional, since the address contains it' },
    title: { type: 'string', maxLength: 200, description: 'Default: the id' },
    unit: { type: 'string', maxLength: 40, description: 'Default: none' },
    event: {
      description: 'An event name, a list of 1 to 100 of them, or "*" for every event',
      anyOf: [name, { type: 'array', items: name, minItems: 1, maxItems: 100 }],
    },
    where: {
      type: 'object',
      additionalProperties: true,
      description:
        'Filter by dotted path: a value, a list of values, or an object with not, gt, gte, lt, lte',
    },
    aggregate: {
      type: 'string',
      description: 'For example count, sum(amount), sum("Price (EUR)") or quantiles(latency_ms, 0.5, 0.99)',
    },
    groupBy: {
      description: 'Dotted paths of properties',
      anyOf: [path, { type: 'array', items: path, maxItems: MAX_DIMENSIONS, uniqueItems: true }],
    },
    window: duration('The default window of a view: whole seconds, at most 1d; default 10s'),
    pane: duration('Size of the stored slices of time: whole seconds that divide the window'),
    lateness: duration('How late an event may be and still count; default 1m'),
    retention: duration('How long the series is kept; default 30d'),
    better: { type: 'string', enum: ['higher', 'lower'], description: 'Which way is good' },
  },
};
