import { join } from 'node:path';
import { ROOT } from './root.mjs';

/** The modules of the SDK and their sources: `client` sends and follows, `query` asks. */
export const CLIENT_ENTRIES = {
  client: join(ROOT, 'client', 'index.ts'),
  query: join(ROOT, 'client', 'query', 'query-client.ts'),
};

/** How a module of the SDK is built: with all that it needs inside, for browsers and Node. `files`: the names of the outputs by their format. */
export const clientBuild = (module, outDir, files) => ({
  root: join(ROOT, 'client'),
  build: {
    outDir,
    // It is built first.
    emptyOutDir: module === 'client',
    // A library keeps its white space for later bundlers; this one goes to browsers as it is.
    // Hints for bundlers: the module is one that browsers load as it is.
    rolldownOptions: { output: { minify: true, comments: { annotation: false } } },
    lib: {
      entry: CLIENT_ENTRIES[module],
      formats: Object.keys(files),
      fileName: (format) => files[format],
    },
  },
});
