import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`the Metrics room${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, visit, address } = usePage();
  const slot = (name: string) => page().locator(`[data-slot="${name}"]`);
  const field = () => page().locator('input[role=combobox]');
  const option = (name: string | RegExp) => page().getByRole('option', { name });
  const own = async (name: string): Promise<string | null> => (await address()).searchParams.get(name);
  const focused = (): Promise<string | undefined> =>
    page().evaluate(() => (document.activeElement as HTMLElement).dataset.slot);

  it('lists metrics as sentences, with where they are shown, and finds them by their words', async () => {
    await visit('/catalogue');
    const row = page().getByRole('listitem').filter({ hasText: 'orders_de' });
    await row.getByText('count of checkout where country = DE every 10 s').waitFor();
    await page().getByText('computed', { exact: true }).waitFor();
    await page().getByText('44 of 2,000 places').first().waitFor();
    await page().getByRole('searchbox').fill('country');
    await page().getByText('2 of 6').waitFor();
    expect(await own('find')).toBe('country');
    await page().getByRole('link', { name: 'Orders DE', exact: true }).click();
    await slot('condition 1').waitFor();
    await page().goBack();
    await page().getByText('2 of 6').waitFor();
  });

  it('makes a metric by mouse: each slot is completed from what there is, and shown before it is saved', async () => {
    await visit('/catalogue');
    await page().getByRole('link', { name: 'New metric' }).click();
    await slot('event').click();
    await option(/^checkout/).click();
    await page().getByText('counts 900 events').waitFor();
    await slot('what').click();
    await option(/^sum/).click();
    await slot('property').click();
    expect(await option(/^country/).getAttribute('aria-disabled')).toBe('true');
    await option(/^amount/).click();
    await page().getByText('skips 18 (2 %): amount is text, needs number').waitFor();
    await slot('another condition').click();
    await option(/^country/).click();
    await option(/^country = is/).click();
    await option(/^country = DE/).click();
    await page().locator('[data-panel=preview]').waitFor();
    expect(await own('where')).toBe('country = DE');
    expect(await own('aggregate')).toBe('sum(amount)');
    await page().getByRole('button', { name: 'Save' }).click();
    await eventually(address, ({ pathname }) => pathname === '/catalogue/checkout_sum_amount');
    await page().getByRole('button', { name: 'Add to board' }).click();
    const dialog = page().getByRole('dialog', { name: 'Add to board' });
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByRole('link', { name: 'Storefront' }).waitFor();
  });

  it('makes one by the keyboard alone', async () => {
    await visit('/catalogue/new');
    await slot('what').waitFor();
    await page().keyboard.press('/');
    await eventually(focused, (name) => name === 'what');
    await page().keyboard.press('Tab');
    await page().keyboard.type('chec');
    await option(/^checkout/).waitFor();
    await page().keyboard.press('Tab');
    await eventually(
      () => own('event'),
      (event) => event === 'checkout',
    );
    await eventually(focused, (name) => name === 'another condition');
    await page().keyboard.type('coun');
    await page().keyboard.press('Enter');
    await page().keyboard.type('= D');
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Enter');
    await eventually(
      () => own('where'),
      (where) => where === 'country = DK',
    );
    await page().getByLabel('Name').fill('orders');
    await page().keyboard.press('Control+s');
    await page().getByText('There is a metric orders already.').waitFor();
    await page().getByLabel('Name').fill('');
    await page().keyboard.press('Control+s');
    await eventually(address, ({ pathname }) => pathname === '/catalogue/checkout_count');
  });

  it('opens with a letter, puts back with Esc, drops with Backspace, and goes back through all of it', async () => {
    await visit('/catalogue/new?event=checkout&where=country+%3D+DE&by=country');
    await slot('dimension 1').focus();
    await page().keyboard.press('z');
    expect(await field().inputValue()).toBe('z');
    await page().keyboard.press('Escape');
    await eventually(focused, (name) => name === 'dimension 1');
    expect(await own('by')).toBe('country');
    await page().keyboard.press('Backspace');
    await eventually(
      () => own('by'),
      (by) => by === null,
    );
    await slot('condition 1').focus();
    await page().keyboard.press('Delete');
    await eventually(
      () => own('where'),
      (where) => where === null,
    );
    await page().goBack();
    await eventually(
      () => own('where'),
      (where) => where === 'country = DE',
    );
  });

  it('keeps what cannot be, and says why with the nearest name', async () => {
    await visit('/catalogue/new?event=checkout&aggregate=sum(country)&where=contry+%3D+DE');
    // What is known of the event comes a moment after the sentence.
    await eventually(
      () =>
        slot('property').evaluate(
          (button) => document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent,
        ),
      (text) => text === 'country is text: it needs a number.',
    );
    await slot('condition 1').click();
    await page().getByText('The nearest is country.').last().waitFor();
  });

  it('says what a change does before it is saved, and what a deletion takes along', async () => {
    await visit('/catalogue/orders');
    await slot('dimension 1').waitFor();
    await slot('dimension 1').focus();
    await page().keyboard.press('Backspace');
    await page().getByText('a new version is counted').waitFor();
    await page().getByText('Without country, Orders on Storefront will show nothing.').waitFor();
    await page().getByText('draft, 1 change').waitFor();
    await page().getByRole('button', { name: 'Discard' }).click();
    await page().getByRole('button', { name: 'Delete' }).click();
    const dialog = page().getByRole('dialog');
    await dialog.getByText('On Storefront, Orders will show nothing.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Delete it' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await visit('/catalogue/orders_de');
    await page().getByRole('button', { name: 'Delete' }).click();
    await page().getByRole('button', { name: 'Delete it' }).click();
    await eventually(address, ({ pathname }) => pathname === '/catalogue');
  });

  it('is a sheet on a phone, with lines a finger can hit', async () => {
    await page().setViewportSize({ width: 390, height: 844 });
    await visit('/catalogue/new');
    await slot('event').click();
    const line = option(/^checkout/);
    await line.waitFor();
    expect((await line.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await line.click();
    await page().getByText('counts 900 events').waitFor();
    expect(await page().evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  it('says what is not there, and who may not look', async () => {
    await visit('/catalogue?fake=empty');
    await page().getByText('No metric yet.').waitFor();
    await visit('/catalogue/nothing');
    await page().getByText('There is no metric').waitFor();
    await visit('/catalogue?fake=forbidden');
    await page().getByText('The key does not allow reading.').waitFor();
  });

  it.each([
    ['/catalogue', 'ink', 1440],
    ['/catalogue', 'paper', 390],
    ['/catalogue/new?event=checkout&where=contry+%3D+DE', 'paper', 1440],
    ['/catalogue/orders?by=', 'ink', 390],
  ])('has no fault that axe finds: %s in %s, %d px', async (path, theme, width) => {
    await page().setViewportSize({ width, height: 900 });
    await visit(`${path}${path.includes('?') ? '&' : '?'}theme=${theme}`);
    await page()
      .getByText(path === '/catalogue' ? 'Orders DE' : 'Shown as')
      .first()
      .waitFor();
    if (path !== '/catalogue') await slot('what').click();
    const { violations } = await new AxeBuilder({ page: page() }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
