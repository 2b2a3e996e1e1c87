import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';
import { defineHostile, postHostile, send, titleOf } from './hostile-board.ts';
import { HOSTILE, LONG, TEXTS } from './hostile-texts.ts';
import { type PageWatch, watchPages } from './watch-page.ts';

const found = findChromium() !== null;
const THEMES = ['ink', 'paper'] as const;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

describe.skipIf(!found)(`hostile names in a browser${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let data: string;
  let millrace: MillraceProcess;
  let browser: Browser;
  let context: BrowserContext;
  let watched: PageWatch;
  let page: Page;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-hostile-'));
    // The longest name is longer than a dimension's value may be by default.
    const env = { MILLRACE_DIMENSION_LENGTH: '6000' };
    millrace = await startMillrace({ data, port: 0, env });
    browser = await openBrowser();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: SIZES[0]! });
    watched = await watchPages(context);
    page = await context.newPage();
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser?.close();
    await millrace?.kill();
    await rm(data, { recursive: true, force: true });
  });
  const open = (path: string) => page.goto(`${millrace.url}${path}`);
  const shows = (words: string): Promise<void> =>
    page.waitForFunction((text) => document.body.textContent?.includes(text), words).then(() => undefined);
  const expectHarmless = async (): Promise<void> => {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      expect(await overflowOf(page), `${page.url()} at ${size.width}`).toEqual([]);
    }
    expect(await watched.findings(page), page.url()).toEqual([]);
  };

  it('are noticed by this test where they do harm', async () => {
    await open('/');
    await page.evaluate((markup) => {
      const box = document.createElement('div');
      box.innerHTML = markup;
      document.body.append(box);
      box.setAttribute('style', 'width: 9000px');
    }, `${HOSTILE.image}<a href="${HOSTILE.address}">x</a>`);
    await eventually(
      () => watched.findings(page),
      (seen) =>
        ['IMG', 'handler', 'link', 'script-src-attr', 'style-src-attr'].every((what) =>
          seen.join().includes(what),
        ),
    );
    await page.evaluate(() => {
      (window as unknown as { __hit: number }).__hit = 1;
      const wide = document.createElement('div');
      Object.assign(wide.style, { width: '9000px', height: '9px' });
      document.querySelector('main')!.append(wide);
    });
    expect(await watched.findings(page)).toContain('a script ran');
    expect(await overflowOf(page)).not.toEqual([]);
  });

  it.each(THEMES)('are nowhere on an empty page in %s, which keeps the policy', async (theme) => {
    await open(`/?theme=${theme}`);
    await page.getByText('No events yet').waitFor();
    await expectHarmless();
  });

  it('are text on the board of which they are all', async () => {
    await defineHostile(millrace.url);
    for (const theme of THEMES) {
      await page.setViewportSize(SIZES[0]!);
      await open(`/boards/hostile?theme=${theme}`);
      await page.locator('[data-link="live"]').first().waitFor();
      await expectOnBoard();
      await expectHarmless();
    }
  });

  const expectOnBoard = async (): Promise<void> => {
    await page.getByRole('heading', { level: 1 }).getByText(HOSTILE.image!).waitFor();
    expect(await page.title()).toBe(`${HOSTILE.image} · Millrace`);
    const panels = page.locator('[data-panel]');
    expect(await panels.locator('h2').allTextContents()).toEqual(
      Array.from({ length: await panels.count() }, (_, i) => titleOf(i)),
    );
    const rows = (kind: string) => page.locator(`.panel.${kind} tbody th`).evaluateAll(texts);
    for (const kind of ['top', 'table']) {
      await eventually(
        async () => {
          await postHostile(millrace.url);
          return rows(kind);
        },
        (names) => [...TEXTS, LONG].every((text) => names.includes(`${text} · ${HOSTILE.script}`)),
      );
    }
    // Each chart as its table names its traces; the last one of three has the long name.
    const names = () => page.locator('.panel:is(.line, .area, .bars) thead th').evaluateAll(texts);
    await eventually(names, (seen) =>
      [...TEXTS, LONG].every(
        (text) => seen.filter((name) => name === `${text} ${HOSTILE.script}`).length === 3,
      ),
    );
    for (const event of TEXTS)
      await tailShows({ event, properties: { [event]: event } }, `${event} ${event} ${event}`.slice(0, 150));
    for (const field of TEXTS)
      await tailShows({ event: 'x', [field]: 1 }, JSON.stringify(field).slice(0, 70));
    for (const text of [
      `There is no metric ${HOSTILE.svg}`,
      `This panel counts never ${HOSTILE.shell}, z${LONG.slice(0, 199)}`,
      // As the language of filters writes what is no word.
      `${JSON.stringify(HOSTILE.image)} = ${JSON.stringify(`never ${HOSTILE.script}`)}`,
      'constructor = never',
    ])
      await shows(text);
    // Both dimensions of filters that match nothing name what came instead.
    const seen = page.getByText('Values seen in the last 1 h');
    await eventually(
      () => seen.count(),
      (count) => count === 2,
    );
    await readAll();
  };
  /** The tail is lossy: the event is sent until one shows. */
  const tailShows = (event: object, words: string): Promise<unknown> =>
    eventually(
      async () => {
        const lines = await page.locator('.panel.tail li').evaluateAll(texts);
        if (!lines.some((line) => line.includes(words))) await send(millrace.url, [event]);
        return lines;
      },
      (lines) => lines.some((line) => line.includes(words)),
    );
  /** The readouts of the pointer, those of the keyboard, which are announced, and the figures as a table. */
  const readAll = async (): Promise<void> => {
    const charts = page.locator('.panel:is(.line, .area, .bars)[data-condition="live"]');
    const ids = await charts.evaluateAll((panels) => panels.map((panel) => panel.getAttribute('data-panel')));
    expect(ids.length).toBeGreaterThanOrEqual(9);
    for (const id of ids) {
      const panel = page.locator(`[data-panel="${id}"]`);
      await panel.locator('.plot').hover();
      await panel.press('Enter');
      const said = panel.locator('.body > [aria-live]');
      await eventually(
        () => said.textContent(),
        (words) => words !== '',
      );
      await panel.press('Escape');
      await panel.press('b');
      await panel.locator('.scroll').waitFor();
    }
    const search = await page.evaluate(() => location.search);
    expect(new URLSearchParams(search).getAll('table')).toEqual(ids);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
  };

  it.each(THEMES)('are text in the list of boards in %s', async (theme) => {
    await open(`/boards?theme=${theme}`);
    await shows(HOSTILE.shell!);
    const titles = await page.locator('.boards a').evaluateAll(texts);
    for (const text of TEXTS) expect(titles).toContain(text);
    await expectHarmless();
  });

  it.each(TEXTS)('are text in an address that says %j', async (text) => {
    const there = encodeURIComponent(text);
    await open(
      `/boards/${there}?panel=${there}&table=${there}&sort=${there}:-${there}&range=${there}&theme=${there}`,
    );
    await shows(`There is no board ${text}.`);
    expect(await page.evaluate(() => location.pathname)).toMatch(/^\/boards\//);
    await page.keyboard.press('t');
    await expectHarmless();
  });

  it.each(THEMES)(
    'are not needed for a page of a board that is not there to keep the policy in %s',
    async (theme) => {
      await open(`/boards/none?theme=${theme}`);
      await shows('There is no board none.');
      await expectHarmless();
    },
  );

  it('meet a page without a script, a handler or a style of its own', async () => {
    for (const path of ['/', '/boards', `/boards/${encodeURIComponent(HOSTILE.image!)}`]) {
      const html = await (await fetch(`${millrace.url}${path}`)).text();
      const scripts = [...html.matchAll(/<script\b([^>]*)>([^<]*)/g)];
      expect(scripts.length).toBeGreaterThan(0);
      for (const [, attributes, body] of scripts)
        expect([attributes, body]).toEqual([expect.stringMatching(/ src="\/assets\//), '']);
      expect(html).not.toMatch(/\son\w+\s*=|\sstyle\s*=|<style|javascript:/i);
      for (const [, source] of html.matchAll(/ src="(\/assets\/[^"]+)"/g)) {
        const code = await (await fetch(`${millrace.url}${source}`)).text();
        expect(code).not.toMatch(/\beval\(|new Function\(|document\.write/);
      }
    }
  });
});

const texts = (elements: Element[]): string[] => elements.map((element) => element.textContent ?? '');

/** What is wider than it may be: the page itself, and what it scrolls in. */
const overflowOf = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [document.documentElement, document.body, document.querySelector('main')!]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.tagName}: ${element.scrollWidth} > ${element.clientWidth}`),
  );
