import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Page } from '@playwright/test';

/** Where a built page seems to be: no port is taken. */
export const ORIGIN = 'http://millrace.test';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * Serves `ORIGIN` to a page from a folder; an address without a file gets the page itself, with `extra` at the end of
 * its head.
 */
export async function serveFolder(page: Page, folder: string, extra = ''): Promise<void> {
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (extname(pathname) in TYPES) {
      const body = await readFile(join(folder, pathname));
      return route.fulfill({ body, contentType: TYPES[extname(pathname)]! });
    }
    const html = await readFile(join(folder, 'index.html'), 'utf8');
    return route.fulfill({ body: html.replace('</head>', `${extra}</head>`), contentType: 'text/html' });
  });
}
