import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateConfigDoc } from '#platform/process/settings/generate-config-doc.ts';
import { withSettings } from '../../infra/compose/settings-block.ts';
import { generateDependenciesDoc } from './generate-dependencies-doc.ts';
import { generateMetricsDoc } from './generate-metrics-doc.ts';
import { readDependencyFacts } from './read-dependency-facts.ts';
import { ROOT } from './source-files.ts';

/** `npm run docs`: writes the documents that are generated from tables in the code. */
writeFileSync(join(ROOT, 'docs/CONFIG.md'), generateConfigDoc());
writeFileSync(join(ROOT, 'docs/METRICS.md'), generateMetricsDoc());
writeFileSync(join(ROOT, 'docs/DEPENDENCIES.md'), generateDependenciesDoc(readDependencyFacts()));
const compose = join(ROOT, 'docker-compose.yml');
writeFileSync(compose, withSettings(readFileSync(compose, 'utf8')));
