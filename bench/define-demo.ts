import { DEMO_METRICS } from '#embedded/demo/demo-metrics.ts';
import { defineAll } from './define-all.ts';

/** Defines the demo's metrics; rejects with the first refusal. */
export const defineDemo = (url: string): Promise<void> =>
  defineAll(
    url,
    Object.fromEntries(Object.entries(DEMO_METRICS).map(([id, metric]) => [`metrics/${id}`, metric])),
  );
