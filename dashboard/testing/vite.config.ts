import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The page with a seeded backend inside, to look at it without a server: `npx vite -c dashboard/testing/vite.config.ts`. */
export default defineConfig({
  root: here,
  appType: 'spa',
  plugins: [svelte({ configFile: `${here}../svelte.config.js` })],
  build: {
    outDir: '../../dist/dashboard-testing',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
  },
});
