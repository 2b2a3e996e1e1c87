import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Every panel in every state, with time standing still: `npx vite -c dashboard/testing/gallery/vite.config.ts`. */
export default defineConfig({
  root: here,
  plugins: [svelte({ configFile: `${here}../../svelte.config.js` })],
  build: {
    outDir: '../../../dist/dashboard-gallery',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
  },
});
