import { join } from 'node:path';
import { clientBuild } from './client-build.mjs';
import { ROOT } from './root.mjs';

/** The SDK's questions as one module, served as /query.js; it is built after the other, into the same folder. */
export default clientBuild('query', join(ROOT, 'dist', 'client'), { es: 'query.js' });
