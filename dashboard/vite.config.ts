import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** What nearly every room reads and writes with: one part, which compresses better than thirty. */
const WORDS =
  /contracts\/(?:text|filter|schema|time|errors|is-record|id|view\/view-request|metric\/aggregate)|dashboard\/src\/(?:format|range)\//;

export default defineConfig({
  root: here,
  plugins: [svelte({ configFile: `${here}svelte.config.js` })],
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    // The bundle budgets are read from it, and what the page of a board fetches beside the shell.
    manifest: true,
    target: 'es2022',
    // The policy allows no data: addresses, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { output: { codeSplitting: { groups: [{ name: 'words', test: WORDS }] } } },
  },
});
