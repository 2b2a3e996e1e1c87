import { createHash } from 'node:crypto';
import { type View, viewText } from '#contracts/view/view.ts';

/**
 * Returns a view's id on the wire from its canonical text: 128 bits of its SHA-256 as 32 hex digits. Clients and caches know a
 * view by it, so it must not be possible to craft a view with the id of another one.
 */
export const idOfText = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Returns a number that stands for a text: 48 bits of its SHA-256, so that another text has another one. */
export const versionOfText = (text: string): number => Number.parseInt(idOfText(text).slice(0, 12), 16);

export const viewId = (view: View): string => idOfText(viewText(view));
