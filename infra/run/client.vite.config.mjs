import { join } from 'node:path';
import { ROOT } from './root.mjs';

/** The SDK as one module for browsers, served as /client.js. */
export default {
  root: join(ROOT, 'client'),
  build: {
    outDir: join(ROOT, 'dist', 'client'),
    emptyOutDir: true,
    // A library keeps its white space for later bundlers; this one goes to browsers as it is.
    rolldownOptions: { output: { minify: true } },
    lib: { entry: join(ROOT, 'client', 'index.ts'), formats: ['es'], fileName: () => 'client.js' },
  },
};
