import { join } from 'node:path';
import { clientBuild } from './client-build.mjs';
import { ROOT } from './root.mjs';

/** The SDK as one module, served as /client.js. */
export default clientBuild('client', join(ROOT, 'dist', 'client'), { es: 'client.js' });
