import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root: here,
  plugins: [svelte({ configFile: `${here}svelte.config.js` }), preloadBoard()],
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    // The bundle budgets are read from it.
    manifest: true,
    target: 'es2022',
    // The policy allows no data: addresses, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

/** Most pages are boards: their part is fetched beside the shell, not after it. */
function preloadBoard(): Plugin {
  return {
    name: 'preload-board',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        if (bundle === undefined) return [];
        const board = Object.values(bundle).find(
          (part) => part.type === 'chunk' && part.name === 'board-page',
        );
        if (board?.type !== 'chunk') throw new Error('There is no part called board-page to preload.');
        const styles = [...(board.viteMetadata?.importedCss ?? [])];
        return [
          link({ rel: 'modulepreload', href: `/${board.fileName}` }),
          ...styles.map((file) => link({ rel: 'stylesheet', href: `/${file}` })),
        ];
      },
    },
  };
}

const link = (attrs: Record<string, string>): HtmlTagDescriptor => ({
  tag: 'link',
  attrs: { ...attrs, crossorigin: true },
  injectTo: 'head',
});
