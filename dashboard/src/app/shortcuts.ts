import { last, RANGES } from '../range/page-range.ts';
import { LOCAL } from '../range/reader-calendar.ts';
import { shift, zoom } from '../range/zoom-range.ts';
import type { Session } from './session.svelte.ts';

export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ['Space', 'pause, or go on'],
  ['L 0', 'back to live'],
  ['1 … 9', 'range, 1 min to 30 d'],
  ['+ −', 'shorter or longer range, around the time shown'],
  ['⇧ ← →', 'half a range earlier or later'],
  ['R', 'write a range, such as 14:00 – 14:30'],
  ['Tab', 'to the next panel'],
  ['Enter', 'values of the focused chart at one time'],
  ['← →', 'one window earlier or later; with Shift ten'],
  ['Home End', 'oldest and newest window'],
  ['Enter', 'hold that time, or let it go'],
  ['Esc', 'back to the newest values, then to live'],
  ['B', 'the focused panel as a table, and back'],
  ['T', 'ink or paper'],
  ['?', 'this list'],
];

/** The keys of the whole page. They work outside text fields, buttons and dialogs, and never with a modifier but Shift. */
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
  } else if (event.key === 'Escape') leave(session);
  else if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
    event.preventDefault();
    move(session, event.key === 'ArrowLeft' ? -1 : 1);
  } else if (session.letters) handleLetter(event, session, toggleList);
}

/** First what is read, then the range that stands still. */
function leave(session: Session): void {
  const { crossHair, url } = session;
  if (crossHair.time !== null) crossHair.set(null, null);
  else if (url.range.kind === 'between') session.resume();
}

function move(session: Session, by: -1 | 1): void {
  const now = session.url.paused ?? session.client.now();
  const range = shift(session.url.range, by, { now, calendar: LOCAL });
  session.go({ range });
}

function zoomBy(session: Session, by: 'in' | 'out'): void {
  const { crossHair, url } = session;
  const now = url.paused ?? session.client.now();
  session.go({ range: zoom(url.range, by, { now, calendar: LOCAL, at: crossHair.time }) });
}

/** Keys of one character, which can be switched off: speech input and stray typing press them by accident. */
function handleLetter(event: KeyboardEvent, session: Session, toggleList: () => void): void {
  const { key } = event;
  const letter = key.toLowerCase();
  if (letter === 'l' || key === '0') session.resume();
  else if (letter === 't') session.setTheme(session.theme === 'ink' ? 'paper' : 'ink');
  else if (letter === 'r') {
    // The letter is not the first of what is written.
    event.preventDefault();
    session.askRange();
  } else if (key === '?') toggleList();
  else if (key === '+' || key === '=') zoomBy(session, 'in');
  else if (key === '-' || key === '−') zoomBy(session, 'out');
  else if (/^[1-9]$/.test(key)) session.go({ range: last(RANGES[Number(key) - 1]!) });
}
