import { RANGES } from './ranges.ts';
import type { Session } from './session.svelte.ts';

export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ['Space', 'pause, or go on'],
  ['L', 'live'],
  ['1 … 9', 'range, 1 min to 30 d'],
  ['Tab', 'to the next panel'],
  ['Enter', 'values of the focused chart at one time'],
  ['← →', 'one window earlier or later; with Shift ten'],
  ['Home End', 'oldest and newest window'],
  ['Enter', 'hold that time, or let it go'],
  ['Esc', 'back to the newest values'],
  ['B', 'the focused panel as a table, and back'],
  ['T', 'ink or paper'],
  ['?', 'this list'],
];

/** The keys of the whole page. They work outside text fields, buttons and dialogs, and never with a modifier. */
export function handleShortcut(event: KeyboardEvent, session: Session, toggleList: () => void): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target?.closest('input, select, textarea, [contenteditable]')) return;
  if (document.querySelector('dialog[open]') !== null) {
    if (event.key === '?') toggleList();
  } else if (event.key === ' ') {
    if (target?.closest('button, a, summary')) return;
    event.preventDefault();
    session.togglePause();
  } else if (event.key === 'Escape') session.crossHair.set(null, null);
  else if (session.letters) handleLetter(event.key, session, toggleList);
}

/** Keys of one character, which can be switched off: speech input and stray typing press them by accident. */
function handleLetter(key: string, session: Session, toggleList: () => void): void {
  const letter = key.toLowerCase();
  if (letter === 'l') session.resume();
  else if (letter === 't') session.setTheme(session.theme === 'ink' ? 'paper' : 'ink');
  else if (key === '?') toggleList();
  else if (/^[1-9]$/.test(key)) session.go({ range: RANGES[Number(key) - 1]! });
}
