import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';
import { HOSTILE } from './hostile-texts.ts';
import { watchPages } from './watch-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`a page that asks for a key${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let data: string;
  let millrace: MillraceProcess;
  let browser: Browser;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-hostile-key-'));
    const env = { MILLRACE_ADMIN_KEY: 'a-long-random-key-of-the-operator' };
    millrace = await startMillrace({ data, port: 0, env });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await millrace?.kill();
    await rm(data, { recursive: true, force: true });
  });

  it.each(['ink', 'paper'])('keeps the policy in %s, whatever is typed', async (theme) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const watched = await watchPages(context);
    const page = await context.newPage();
    await page.goto(`${millrace.url}/boards/${encodeURIComponent(HOSTILE.image!)}?theme=${theme}`);
    const field = page.getByLabel('Your key');
    for (const text of [HOSTILE.image!, HOSTILE.svg!, HOSTILE.bidi!, HOSTILE.entity!, 'x'.repeat(5_000)]) {
      await field.fill(text);
      await page.getByRole('button', { name: 'Enter', exact: true }).click();
      await page.locator('#key-fault').filter({ hasText: /\S/ }).waitFor();
      const { words, address, wide } = await page.evaluate(() => ({
        words: document.body.textContent ?? '',
        address: location.href,
        wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      }));
      // A key is shown nowhere, and the name of the board here is one of the texts.
      if (text !== HOSTILE.image) expect(words).not.toContain(text);
      expect(address).not.toContain('key');
      expect(wide).toBe(false);
    }
    expect(await watched.findings(page)).toEqual([]);
    await context.close();
  });
});
