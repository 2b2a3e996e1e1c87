import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { compareReasons, generateDependenciesDoc } from './generate-dependencies-doc.ts';
import { readDependencyFacts } from './read-dependency-facts.ts';
import { ROOT } from './source-files.ts';

/** docs/DEPENDENCIES.md is what the packages and the table of reasons give, and each has its reason. */
export const dependencyDocs: Check = {
  name: 'DEPENDENCIES.md',
  run: async () => {
    const facts = readDependencyFacts();
    const missing = Object.keys(facts.manifest.optionalDependencies).filter(
      (name) => !facts.installed.some(({ path }) => path === `node_modules/${name}`),
    );
    if (missing.length > 0)
      return { problems: [], skipped: `${missing.join(', ')} cannot be installed here` };
    const problems = compareReasons(facts);
    const text = readFileSync(join(ROOT, 'docs/DEPENDENCIES.md'), 'utf8');
    if (problems.length === 0 && text !== generateDependenciesDoc(facts))
      problems.push('docs/DEPENDENCIES.md is older than what it tells of; `npm run docs` writes it');
    return { problems };
  },
};
