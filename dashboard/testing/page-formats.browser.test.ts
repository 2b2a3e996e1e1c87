import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { ORIGIN } from './serve-folder.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;
/** At this moment it is another day in New York, and another hour and another quarter of it in Kathmandu, than in UTC. */
const AT = Date.parse('2026-11-24T02:07:11Z');
const ZONES = [
  ['Asia/Kathmandu', '07:52:11', '2026-11-23T18:15:00.000Z'],
  ['America/New_York', '21:07:11', '2026-11-23T05:00:00.000Z'],
] as const;

describe.skipIf(!found)(`times and numbers${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open, visit, address } = usePage();
  const group = (name: string) => page().getByRole('group', { name });
  /** Every text of the page, what canvases say of themselves, and what is shown on request. */
  const allTexts = (): Promise<string> =>
    page().evaluate(() => {
      const said = [...document.querySelectorAll('[aria-label], [title]')].map(
        (one) => `${one.getAttribute('aria-label') ?? ''} ${one.getAttribute('title') ?? ''}`,
      );
      return `${document.body.textContent}\n${said.join('\n')}`;
    });
  const choose = (preferences: object) =>
    page().addInitScript((text) => {
      localStorage.setItem('millrace.preferences', text);
    }, JSON.stringify(preferences));

  it.each(ZONES)('of %s are everywhere on the page, and none is of the browser', async (zone, clock) => {
    await page().clock.setFixedTime(AT);
    await choose({ zone });
    await page().addInitScript(() => {
      const drawn: string[] = [];
      Object.assign(globalThis, { drawn });
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        drawn.push(text);
        fillText.call(this, text, x, y);
      };
    });
    const paused = new Date(AT).toISOString();
    for (const path of [
      `/boards/storefront?paused=${paused}&table=orders-bars`,
      '/boards/storefront?from=2026-11-23T02:00:00Z&to=2026-11-23T02:30:00Z',
      '/boards/lists',
      '/boards/ranges',
      '/system',
      '/settings',
      '/?fake=empty',
    ]) {
      await page().goto(ORIGIN + path);
      await page().locator('h1').waitFor();
      const texts = await allTexts();
      // The hour of the browser, in UTC: in both zones it is another one.
      expect(texts.match(/\b02:\d\d(:\d\d)?\b/g), `${path} in ${zone}`).toBeNull();
    }
    await visit('/settings');
    expect(await allTexts()).toContain(clock);
    await open(`/boards/storefront?paused=${paused}`);
    await page().locator('[data-link]').getByText(clock).waitFor();
    const drawn = (): Promise<string[]> =>
      page().evaluate(() => (globalThis as never as { drawn: string[] }).drawn);
    const times = (texts: string[]): string[] => texts.filter((text) => /^\d\d:\d\d(:\d\d)?$/.test(text));
    await eventually(drawn, (texts) => times(texts).length > 0);
    expect(times(await drawn()).filter((text) => text.startsWith('02:'))).toEqual([]);
  });

  it.each(ZONES)('of %s say when the day of the page begins', async (zone, _, begins) => {
    await page().clock.setFixedTime(AT);
    await choose({ zone });
    await open('/boards/storefront?range=today&paused=2026-11-24T02:07:00Z');
    await page().getByRole('button', { name: 'Range: today' }).waitFor();
    // Half a range earlier is counted from the day's beginning.
    await page().keyboard.press('Shift+ArrowLeft');
    const range = async (): Promise<string | null> => (await address()).searchParams.get('to');
    await eventually(range, (to) => to !== null);
    const { searchParams } = await address();
    const [from, to] = [searchParams.get('from'), searchParams.get('to')].map((text) => Date.parse(text!));
    expect(new Date(from! + (to! - from!) / 2).toISOString()).toBe(begins);
  });

  it('are chosen in Settings by mouse and by keyboard, and kept', async () => {
    await page().clock.setFixedTime(AT);
    await visit('/settings');
    await group('Time zone').getByLabel('Another').check();
    await page().getByLabel('Zone', { exact: true }).fill('new york');
    await page().keyboard.press('Enter');
    await page().getByText('America/New_York').first().waitFor();
    expect(await page().locator('#zone-name').inputValue()).toBe('America/New_York');
    await page().locator('#zone-name').fill('Olympus');
    await page().keyboard.press('Enter');
    await page().getByText('There is no time zone "Olympus".').waitFor();
    await group('Dates').getByLabel('24 Nov 2026').focus();
    await page().keyboard.press('ArrowRight');
    expect(await group('Dates').getByLabel('Nov 24, 2026').isChecked()).toBe(true);
    await group('Clock').getByLabel('2:02 pm').check();
    await group('Numbers').getByLabel('1.234,5').check();
    await page().reload();
    await page().getByText('12.345,6').waitFor();
    await page().getByText('9:07:11 pm', { exact: true }).first().waitFor();
    await page().getByText('Nov 24, 2026').first().waitFor();
    await open('/boards/storefront');
    await page().locator('[data-status=ingest]').getByText('1.204').waitFor();
  });
});
