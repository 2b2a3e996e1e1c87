import { createHash } from 'node:crypto';
import { type View, viewText } from '#contracts/view/view.ts';

/**
 * Returns a view's id on the wire from its canonical text: 128 bits of its SHA-256 as 32 hex digits. Clients and caches know a
 * view by it, so it must not be possible to craft a view with the id of another one.
 */
export const idOfText = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);

export const viewId = (view: View): string => idOfText(viewText(view));
