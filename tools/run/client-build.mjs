import { join } from 'node:path';
import { ROOT } from './root.mjs';

/** How the SDK is built: with all that it needs inside, for browsers and Node. `files`: the names of the outputs by their format. */
export const clientBuild = (outDir, files) => ({
  root: join(ROOT, 'client'),
  build: {
    outDir,
    emptyOutDir: true,
    // A library keeps its white space for later bundlers; this one goes to browsers as it is.
    rolldownOptions: { output: { minify: true } },
    lib: {
      entry: join(ROOT, 'client', 'index.ts'),
      formats: Object.keys(files),
      fileName: (format) => files[format],
    },
  },
});
