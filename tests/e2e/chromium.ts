import { existsSync } from 'node:fs';
import { type Browser, chromium } from '@playwright/test';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
];

/** Where a Chromium is: what CHROMIUM names, the usual places, or Playwright's own download; null where none is. */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  return [...PLACES, chromium.executablePath()].find((path) => existsSync(path)) ?? null;
}

/** For the names of skipped tests. */
export const NO_CHROMIUM =
  'skipped: no Chromium found; install the package chromium, or name one in CHROMIUM';

/** No sandbox, since containers run as root; nothing that would call home. `more`: arguments beside these. */
export function openBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? '',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
      ...more,
    ],
  });
}
