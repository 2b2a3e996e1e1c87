import { audit } from './audit.ts';
import { bundles } from './bundles.ts';
import type { Check } from './check.ts';
import { commits } from './commits.ts';
import { configDocs } from './config-docs.ts';
import { deadCode } from './dead-code.ts';
import { dependencyDocs } from './dependency-docs.ts';
import { documentPlaces } from './document-places.ts';
import { errorDocs } from './error-docs.ts';
import { fileNames } from './file-names.ts';
import { image } from './image.ts';
import { imports } from './imports.ts';
import { licences } from './licences.ts';
import { metricDocs } from './metric-docs.ts';
import { noTraces } from './no-traces.ts';
import { pinned } from './pinned.ts';
import { purity } from './purity.ts';
import { rulesDocs } from './rules-docs.ts';
import { securityDocs } from './security-docs.ts';
import { sizes } from './sizes.ts';
import { style } from './style.ts';
import { svelteStyle } from './svelte-style.ts';
import { svelteTypes } from './svelte-types.ts';
import { types } from './typescript.ts';

/** The slowest first, so that two workers end together. */
export const CHECKS: Check[] = [
  types,
  svelteTypes,
  imports,
  deadCode,
  style,
  svelteStyle,
  audit,
  sizes,
  purity,
  bundles,
  documentPlaces,
  fileNames,
  configDocs,
  errorDocs,
  metricDocs,
  securityDocs,
  dependencyDocs,
  rulesDocs,
  licences,
  pinned,
  image,
  noTraces,
  commits,
];
