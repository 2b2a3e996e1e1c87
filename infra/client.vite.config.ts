import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The SDK as one file for browsers, which the gateway serves at /client.js. */
export default defineConfig({
  root,
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: 'dist/client',
    emptyOutDir: true,
    target: 'es2023',
    minify: 'oxc',
    sourcemap: false,
    lib: { entry: 'client/index.ts', formats: ['es'], fileName: () => 'client.js' },
  },
});
