import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEPENDENCY_REASONS, INSTALL_SCRIPTS } from './dependency-reasons.ts';
import type { DependencyFacts } from './generate-dependencies-doc.ts';
import { importers } from './importers.ts';
import { installedPackages } from './installed-packages.ts';
import { readLock } from './lock.ts';
import { ROOT } from './source-files.ts';

export const readDependencyFacts = (): DependencyFacts => ({
  manifest: JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')),
  installed: installedPackages(),
  unsummed: [...readLock().values()].filter(({ integrity }) => integrity === undefined).length,
  importers: importers(),
  reasons: DEPENDENCY_REASONS,
  scripts: INSTALL_SCRIPTS,
});
