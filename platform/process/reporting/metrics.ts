import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricName } from './metric-names.ts';

/** A process's own measurements, by the names of `metric-names.ts`; unknown names do not compile. */
export interface Metrics {
  /** Adds to a counter. Labels are those the name declares. */
  add(name: MetricName, by?: number, labels?: Record<string, string>): void;
  /** Sets a gauge. */
  set(name: MetricName, value: number, labels?: Record<string, string>): void;
  /** Observes seconds (or the unit in the name) in a histogram. */
  observe(name: MetricName, value: number, labels?: Record<string, string>): void;
  /** Current total of a counter or value of a gauge, over all labels. */
  read(name: MetricName): Promise<number>;
  /** Prometheus text exposition and its content type; without what is measured of metrics (label `metric`) that `mayRead` does not allow. */
  expose(mayRead?: (metric: string) => boolean): Promise<{ contentType: string; text: string }>;
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `defaults`: also the process's CPU, memory and event-loop figures; off in tests. */
export function createMetrics(defaults: boolean): Metrics {
  const registry = new Registry();
  if (defaults) collectDefaultMetrics({ register: registry });
  const made = new Map<MetricName, Counter | Gauge | Histogram>();
  for (const [name, spec] of Object.entries(METRICS)) {
    const common = { name, help: spec.help, labelNames: [...spec.labels], registers: [registry] };
    const metric =
      spec.type === 'counter'
        ? new Counter(common)
        : spec.type === 'gauge'
          ? new Gauge(common)
          : new Histogram({ ...common, buckets: BUCKETS });
    made.set(name as MetricName, metric);
  }
  return {
    add: (name, by = 1, labels = {}) => (made.get(name) as Counter).inc(labels, by),
    set: (name, value, labels = {}) => (made.get(name) as Gauge).set(labels, value),
    observe: (name, value, labels = {}) => (made.get(name) as Histogram).observe(labels, value),
    read: async (name) => {
      const { values } = await (made.get(name) as Counter).get();
      return values.reduce((sum, v) => sum + v.value, 0);
    },
    expose: async (mayRead) => {
      const text = await registry.metrics();
      return {
        contentType: registry.contentType,
        text: mayRead === undefined ? text : keepLines(text, mayRead),
      };
    },
  };
}

/** Each measurement is a line; a metric's id needs no escapes. */
const OF_METRIC = /^[^#\s][^{]*\{(?:.*,)?metric="([^"]*)"/;

const keepLines = (text: string, mayRead: (metric: string) => boolean): string =>
  text
    .split('\n')
    .filter((line) => {
      const metric = OF_METRIC.exec(line)?.[1];
      return metric === undefined || mayRead(metric);
    })
    .join('\n');
