import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateConfigDoc } from '#platform/process/generate-config-doc.ts';
import { generateMetricsDoc } from './generate-metrics-doc.ts';
import { ROOT } from './source-files.ts';

/** `npm run docs`: writes the documents that are generated from tables in the code. */
writeFileSync(join(ROOT, 'docs/CONFIG.md'), generateConfigDoc());
writeFileSync(join(ROOT, 'docs/METRICS.md'), generateMetricsDoc());
