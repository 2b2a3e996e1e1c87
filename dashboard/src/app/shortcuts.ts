import { last, RANGES } from '../range/page-range.ts';
import { shift, zoom } from '../range/zoom-range.ts';
import type { Place } from './place.ts';
import type { Session } from './session.svelte.ts';

export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ['Ctrl K  ⌘ K', 'go to a board, a metric or a page, or do something'],
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
  ['/', 'to the sentence of the page'],
  ['O', 'explore what the focused panel shows'],
  ['G, then N B E M V C S ,', 'to Now, Boards, Explore, Metrics, Events, Connect, System, Settings'],
  ['T', 'ink or paper'],
  ['?', 'this list'],
];

/** What keys lead to, beside the session. */
export interface KeyTargets {
  /** Whether what is shown is of a time: only there the keys of time act. */
  timed(): boolean;
  /** Shows the list of shortcuts, or closes it. */
  list(): void;
  /** Shows the palette, or closes it. */
  find(): void;
}

/** The keys of the whole page. They work outside text fields, buttons and dialogs, and never with a modifier but Shift; only the palette opens from anywhere. */
export function handleShortcut(event: KeyboardEvent, session: Session, to: KeyTargets): void {
  if (event.defaultPrevented || event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() !== 'k' || event.shiftKey) return;
    event.preventDefault();
    to.find();
    return;
  }
  if (isWritten(event)) return;
  const letter = session.letters ? event.key.toLowerCase() : '';
  if (document.querySelector('dialog[open]') !== null) {
    if (event.key === '?') to.list();
  } else if (letter === '?') to.list();
  else if (letter === 't') session.setTheme(session.theme === 'ink' ? 'paper' : 'ink');
  else if (to.timed()) handleTime(event, session);
}

const isWritten = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea, [contenteditable]') !== null;

/** Returns the listener of G and the letter of a room. It hears keys before panels do, which have a use for the letter by itself. */
export function createGoKeys(
  session: Session,
  rooms: readonly { key: string; place: Place }[],
): (event: KeyboardEvent) => void {
  /** Whether the last key was G. */
  let going = false;
  return (event) => {
    // A modifier alone is on the way to the next key.
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
    const went = going;
    going = false;
    if (!session.letters || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isWritten(event) || document.querySelector('dialog[open]') !== null) return;
    const letter = event.key.toLowerCase();
    const room = went ? rooms.find(({ key }) => key.toLowerCase() === letter) : undefined;
    going = room === undefined && letter === 'g';
    if (room === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    session.go({ place: room.place });
  };
}

/** Keys of the time that is shown. */
function handleTime(event: KeyboardEvent, session: Session): void {
  if (event.key === ' ') {
    if (event.target instanceof Element && event.target.closest('button, a, summary')) return;
    event.preventDefault();
    session.togglePause();
  } else if (event.key === 'Escape') leave(session);
  else if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
    event.preventDefault();
    move(session, event.key === 'ArrowLeft' ? -1 : 1);
  } else if (session.letters) handleLetter(event, session);
}

/** First what is read, then the range that stands still. */
function leave(session: Session): void {
  const { crossHair, url } = session;
  if (crossHair.time !== null) crossHair.set(null, null);
  else if (url.range.kind === 'between') session.resume();
}

function move(session: Session, by: -1 | 1): void {
  const now = session.url.paused ?? session.client.now();
  const range = shift(session.url.range, by, { now, calendar: session.formats.calendar });
  session.go({ range });
}

function zoomBy(session: Session, by: 'in' | 'out'): void {
  const { crossHair, url } = session;
  const now = url.paused ?? session.client.now();
  session.go({ range: zoom(url.range, by, { now, calendar: session.formats.calendar, at: crossHair.time }) });
}

/** Keys of one character, which can be switched off: speech input and stray typing press them by accident. */
function handleLetter(event: KeyboardEvent, session: Session): void {
  const { key } = event;
  const letter = key.toLowerCase();
  if (letter === 'l' || key === '0') session.resume();
  else if (letter === 'r') {
    // The letter is not the first of what is written.
    event.preventDefault();
    session.askRange();
  } else if (key === '+' || key === '=') zoomBy(session, 'in');
  else if (key === '-' || key === '−') zoomBy(session, 'out');
  else if (/^[1-9]$/.test(key)) session.go({ range: last(RANGES[Number(key) - 1]!) });
}
