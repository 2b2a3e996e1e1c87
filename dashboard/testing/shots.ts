import { mkdir } from 'node:fs/promises';
import { openBrowser } from '../../tests/e2e/chromium.ts';

/** Pictures of the page at a running address, for looking at: `node dashboard/testing/shots.ts <url> <folder> [name=query …]`. */
const [url = 'http://127.0.0.1:5173', folder = 'test-results/shots', ...wanted] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const browser = await openBrowser();
for (const shot of wanted) {
  const [name = 'shot', path = '/boards/storefront', size = '1440x900', wait = '3000', act = ''] =
    shot.split('|');
  const [width, height] = (size || '1440x900').split('x').map(Number) as [number, number];
  const page = await browser.newPage({ viewport: { width, height } });
  page.on('console', (message) => message.type() === 'error' && console.log(name, message.text()));
  page.on('pageerror', (error) => console.log(name, error.stack ?? error.message));
  await page.goto(url + path);
  await page.waitForTimeout(Number(wait));
  for (const step of act.split(';').filter(Boolean)) {
    const [what, ...rest] = step.split(':');
    if (what === 'move') await page.mouse.move(Number(rest[0]), Number(rest[1]));
    else if (what === 'key') await page.keyboard.press(rest[0]!);
    else if (what === 'focus') await page.focus(rest.join(':'));
    else if (what === 'wait') await page.waitForTimeout(Number(rest[0]));
  }
  await page.screenshot({ path: `${folder}/${name}.png` });
  await page.close();
}
await browser.close();
