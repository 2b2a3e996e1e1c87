import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Built as the dashboard is; page.bench.ts says where to. */
export default defineConfig({
  root: here,
  appType: 'spa',
  logLevel: 'error',
  plugins: [svelte({ configFile: `${here}../../dashboard/svelte.config.js` })],
  // A browser has no environment: the page is of the size that the bench asks for.
  define: { 'process.env.BENCH_SMOKE': JSON.stringify(process.env.BENCH_SMOKE) ?? 'undefined' },
  build: { emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022' },
});
