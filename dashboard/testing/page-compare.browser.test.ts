import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`earlier ranges and highest groups${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open } = usePage();
  const panel = (id: string) => page().locator(`[data-panel=${id}]`);
  const factsOf = (id: string): Promise<string | null> => panel(id).locator('header .unit').textContent();

  it('are named in the header of their panels', async () => {
    await open('/boards/ranges');
    const facts: Record<string, RegExp> = {
      'orders-compared': /30 s · vs prev 15 min$/,
      'latency-a-day-ago': /ms · 10 s · vs 1 d earlier$/,
      today: /hour · vs yesterday$/,
      'top-pages': /10 s · 5 of 153$/,
      'top-lines': /ms · 10 s · 6 of 40$/,
      'top-list': /15 min · \d+ of 153$/,
    };
    for (const [id, words] of Object.entries(facts)) {
      await panel(id).scrollIntoViewIfNeeded();
      await eventually(
        () => factsOf(id),
        (text) => words.test(text ?? ''),
      );
    }
    const rows = await panel('top-list').locator('tr[data-group]').count();
    expect(await factsOf('top-list')).toContain(` ${rows} of 153`);
    await panel('top-list')
      .locator('tr.others')
      .getByText(`${153 - rows} others`)
      .waitFor();
    await open('/boards/ranges?fake=begins');
    await panel('orders-compared').scrollIntoViewIfNeeded();
    await eventually(
      () => factsOf('orders-compared'),
      (text) => text?.endsWith('none in prev 15 min') ?? false,
    );
  });

  it.each(['ink', 'paper'])(
    'draw a step in ink over the plot, only where a range is compared: %s',
    async (theme) => {
      await open(`/boards/ranges?theme=${theme}`);
      const inked = (id: string): Promise<number> => page().evaluate(countInked, id);
      await panel('order-value').scrollIntoViewIfNeeded();
      await eventually(
        () => inked('order-value'),
        (pixels) => pixels > 100,
      );
      await panel('users-of-5-min').scrollIntoViewIfNeeded();
      await panel('users-of-5-min').locator('canvas').first().waitFor();
      expect(await inked('users-of-5-min')).toBe(0);
    },
  );

  it('are read by keys, in tables and in summaries as they are drawn', async () => {
    await open('/boards/ranges');
    await panel('order-value').locator('canvas').first().waitFor();
    const summary = await panel('order-value').locator('.plot').getAttribute('aria-label');
    expect(summary).toMatch(/avg last .*\. prev 15 min last .*, lowest .*, highest/);
    await page().focus('[data-panel=order-value]');
    await page().keyboard.press('Enter');
    const said = await panel('order-value').locator('[aria-live]').textContent();
    expect(said).toMatch(/^[\d:]+: avg [€\d.]+, prev 15 min [€\d.]+$/);
    await page().keyboard.press('Escape');
    await page().keyboard.press('b');
    await panel('order-value').getByRole('columnheader', { name: 'prev 15 min' }).waitFor();
    const { violations } = await new AxeBuilder({ page: page() })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      .analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  it('say aloud which range the page has changed to', async () => {
    await open('/boards/ranges');
    const said = page().locator('.range [role=status]');
    expect(await said.textContent()).toBe('');
    await page().keyboard.press('4');
    await eventually(
      () => said.textContent(),
      (text) => text === 'Range: 1 h',
    );
    await page().goBack();
    await eventually(
      () => said.textContent(),
      (text) => text === 'Range: 15 min',
    );
  });
});

/** How many pixels in the middle of a plot have the very colour of labels and of earlier ranges. */
function countInked(id: string): number {
  const ink = getComputedStyle(document.documentElement).getPropertyValue('--ink-2').trim();
  const probe = document.createElement('canvas').getContext('2d')!;
  probe.fillStyle = ink;
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
  const canvas = document.querySelector<HTMLCanvasElement>(`[data-panel=${id}] canvas`)!;
  const [left, width] = [Math.floor(canvas.width * 0.25), Math.floor(canvas.width * 0.3)];
  const { data } = canvas.getContext('2d')!.getImageData(left, 0, width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i] === r && data[i + 1] === g && data[i + 2] === b) count++;
  return count;
}
