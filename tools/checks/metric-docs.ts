import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { generateMetricsDoc } from './generate-metrics-doc.ts';
import { ROOT } from './source-files.ts';

/** docs/METRICS.md is what the table of metric names gives. */
export const metricDocs: Check = {
  name: 'METRICS.md',
  run: async () => {
    const same = readFileSync(join(ROOT, 'docs/METRICS.md'), 'utf8') === generateMetricsDoc();
    return {
      problems: same ? [] : ['docs/METRICS.md is older than metric-names.ts; `npm run docs` writes it'],
    };
  },
};
