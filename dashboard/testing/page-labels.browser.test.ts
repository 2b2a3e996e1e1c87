import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`figures and their labels${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open } = usePage();
  const unitOf = (id: string) => page().locator(`[data-panel=${id}] header .unit`);

  it('change together when another range is chosen, and meanwhile the panel says what is loading', async () => {
    await open('/boards/lists?fake=slow');
    await page().locator('[data-panel=top-pages] tbody tr').first().waitFor();
    await page().evaluate(watchPanel, 'top-pages');
    await page().keyboard.press('4');
    await eventually(
      () => unitOf('top-pages').textContent(),
      (words) => words?.endsWith('1 h') ?? false,
    );
    await page().keyboard.press('2');
    const seen = await eventually(
      () => page().evaluate(() => (window as unknown as { __seen: Seen[] }).__seen),
      (all) => all.some(({ unit }) => unit.endsWith(' 5 min')),
    );
    const values = (label: string): number[] =>
      seen.filter(({ unit }) => unit.endsWith(label)).map(({ figure }) => figure);
    const [quarter, hour, five] = [values(' 15 min'), values(' 1 h'), values(' 5 min')];
    expect(quarter.length + hour.length + five.length).toBe(seen.length);
    // Four times as long is about four times as much: no figure of one range is near one of another.
    expect(Math.max(...quarter)).toBeLessThan(Math.min(...quarter) * 1.5);
    expect(Math.min(...hour)).toBeGreaterThan(Math.max(...quarter) * 2);
    expect(Math.max(...five)).toBeLessThan(Math.min(...quarter) / 2);
    const tags = new Set(seen.map(({ unit, tag }) => `${unit.split(' · ').at(-1)}: ${tag}`));
    expect([...tags].sort()).toEqual([
      '1 h: ',
      '1 h: loading 5 min',
      '15 min: ',
      '15 min: loading 1 h',
      '5 min: ',
    ]);
  });

  it('stay what they were while the page is paused and the metric becomes another one', async () => {
    await open('/boards/lists?fake=redefined');
    await page().locator('[data-panel=top-pages] tbody tr').first().waitFor();
    await page().keyboard.press('Space');
    const before = await unitOf('top-pages').textContent();
    const latency = await unitOf('latency').textContent();
    await page().locator('[data-redefined]').waitFor({ state: 'attached' });
    expect(await unitOf('top-pages').textContent()).toBe(before);
    expect(await unitOf('latency').textContent()).toBe(latency);
    await page().keyboard.press('l');
    await eventually(
      () => unitOf('top-pages').textContent(),
      (words) => words?.startsWith('kg') ?? false,
    );
    await eventually(
      () => unitOf('latency').textContent(),
      (words) => words?.startsWith('kg') ?? false,
    );
  });
});

interface Seen {
  unit: string;
  figure: number;
  tag: string;
}

/** Keeps, for every frame, what the header of a list says and its first figure. */
function watchPanel(id: string): void {
  const panel = document.querySelector(`[data-panel=${id}]`)!;
  const text = (selector: string): string => panel.querySelector(selector)?.textContent?.trim() ?? '';
  const seen: Seen[] = [];
  Object.defineProperty(window, '__seen', { value: seen });
  const look = (): void => {
    const figure =
      Number(text('tbody td.num').replace(/[^\d.]/g, '')) * (/k/.test(text('tbody td.num')) ? 1_000 : 1);
    seen.push({ unit: text('header .unit'), figure, tag: text('header .tag') });
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
