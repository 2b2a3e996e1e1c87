import type { BrowserContext, Page } from '@playwright/test';

export interface PageWatch {
  /** What should not be there, in words; empty where all is well. */
  findings(page: Page): Promise<string[]>;
}

/**
 * Looks, from before the first script of each page of a context, for what hostile text would have to do: elements that
 * the dashboard never makes, handlers and style in markup, scripts that ran, dialogs, and breaches of the policy.
 */
export async function watchPages(context: BrowserContext): Promise<PageWatch> {
  const dialogs: string[] = [];
  context.on('page', (page) => {
    page.on('dialog', (dialog) => {
      dialogs.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => dialogs.push(`an error: ${error.message}`));
  });
  await context.addInitScript(watch);
  return {
    async findings(page) {
      const seen = await page.evaluate(() => {
        const { __seen, __hit } = window as unknown as { __seen: string[]; __hit?: unknown };
        return [...__seen, ...(__hit === undefined ? [] : ['a script ran'])];
      });
      return [...new Set([...seen, ...dialogs])];
    },
  };
}

/** Runs in the page, so it uses nothing from outside itself. */
function watch(): void {
  const STRANGE = ['IMG', 'IFRAME', 'OBJECT', 'EMBED', 'BASE', 'STYLE', 'FRAME', 'MATH', 'META', 'FORM'];
  const seen: string[] = [];
  Object.defineProperty(window, '__seen', { value: seen });
  addEventListener(
    'securitypolicyviolation',
    ({ violatedDirective, blockedURI, sample }) =>
      seen.push(`the policy was broken: ${violatedDirective} by ${blockedURI} ${sample}`),
    true,
  );
  const look = (element: Element): void => {
    const { tagName } = element;
    const ours =
      (tagName === 'META' && element.closest('head') !== null) ||
      (tagName === 'FORM' && element.closest('dialog') !== null);
    if (STRANGE.includes(tagName) && !ours) seen.push(`an element: ${tagName}`);
    if (tagName === 'SCRIPT' && element.textContent !== '') seen.push('an element: SCRIPT');
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) seen.push(`a handler: ${name}`);
      if (/^\s*javascript:/i.test(value) && /^(xlink:)?href$|src|action/.test(name))
        seen.push(`a link: ${name}`);
    }
  };
  new MutationObserver((changes) => {
    for (const { addedNodes, target, type } of changes) {
      if (type === 'attributes') look(target as Element);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        look(node);
        for (const inner of node.querySelectorAll('*')) look(inner);
      }
    }
  }).observe(document, { childList: true, subtree: true, attributes: true });
}
