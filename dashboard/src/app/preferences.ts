import { isRecord } from '#contracts/is-record.ts';
import { type FormatChoice, USUAL } from '../format/formats.ts';
import { isZone } from '../format/zone-calendar.ts';
import type { Theme } from './url-state.ts';

/** What a reader has chosen in this browser. */
export interface Preferences extends FormatChoice {
  /** `system` follows the light or dark of the system. */
  theme: Theme | 'system';
  /** Whether single characters are keys of the page. */
  letters: boolean;
  /** `less` moves nothing, whatever the system asks for. */
  motion: 'system' | 'less';
  /** What was chosen in the palette, the newest first. */
  recent: readonly string[];
  /** The boards that Now shows, by id, in the order they were pinned. */
  pins: readonly string[];
  /** The boards that were opened last, and when, epoch ms; the newest first. */
  visits: readonly Visit[];
  /** Whether Now lists the first steps until they are done. */
  steps: boolean;
}

export interface Visit {
  board: string;
  at: number;
}

export const DEFAULTS: Preferences = {
  ...USUAL,
  theme: 'system',
  letters: true,
  motion: 'system',
  recent: [],
  pins: [],
  visits: [],
  steps: true,
};
/** Boards that Now shows: each draws live. */
export const MOST_PINS = 6;
/** Things kept of the palette, and boards that were opened; and characters of one. */
export const MOST_RECENT = 8;
const MOST_LENGTH = 300;
/** The one name in the local storage of the browser. */
const NAME = 'millrace.preferences';

const isShort = (value: unknown): boolean => typeof value === 'string' && value.length <= MOST_LENGTH;

/** What each field may hold; anything else gets its default. */
const FITS: { readonly [Field in keyof Preferences]: (value: unknown) => boolean } = {
  theme: (value) => value === 'system' || value === 'ink' || value === 'paper',
  letters: (value) => typeof value === 'boolean',
  motion: (value) => value === 'system' || value === 'less',
  zone: (value) =>
    typeof value === 'string' && value.length <= MOST_LENGTH && (value === 'browser' || isZone(value)),
  dates: (value) => value === 'day-first' || value === 'month-first' || value === 'iso',
  hours: (value) => value === 12 || value === 24,
  numbers: (value) => value === 'comma' || value === 'point' || value === 'space',
  recent: (value) => Array.isArray(value) && value.length <= MOST_RECENT && value.every(isShort),
  pins: (value) => Array.isArray(value) && value.length <= MOST_PINS && value.every(isShort),
  visits: (value) =>
    Array.isArray(value) &&
    value.length <= MOST_RECENT &&
    value.every((one) => isRecord(one) && isShort(one.board) && Number.isSafeInteger(one.at)),
  steps: (value) => typeof value === 'boolean',
};

/** Reads what is stored. Each field that is missing or cannot be read has its default; the others hold. */
export function readPreferences(text: string | null): Preferences {
  const stored = parse(text);
  const fitting = Object.entries(FITS).filter(([field, fits]) => fits(stored[field]));
  return { ...DEFAULTS, ...Object.fromEntries(fitting.map(([field]) => [field, stored[field]])) };
}

export const writePreferences = (preferences: Preferences): string => JSON.stringify(preferences);

/** Returns what was chosen with one more in front, each once. */
export const addRecent = (recent: readonly string[], chosen: string): readonly string[] =>
  chosen.length > MOST_LENGTH
    ? recent
    : [chosen, ...recent.filter((one) => one !== chosen)].slice(0, MOST_RECENT);

/** Returns the pins with one more at the end, or without it where it was one; no more than there may be. */
export const togglePin = (pins: readonly string[], board: string): readonly string[] =>
  pins.includes(board) ? pins.filter((one) => one !== board) : [...pins, board].slice(0, MOST_PINS);

/** Returns the visits with one more in front, each board once. */
export const addVisit = (visits: readonly Visit[], visit: Visit): readonly Visit[] =>
  visit.board.length > MOST_LENGTH
    ? visits
    : [visit, ...visits.filter(({ board }) => board !== visit.board)].slice(0, MOST_RECENT);

/** Reads from the browser; defaults where its storage is switched off. */
export function loadPreferences(): Preferences {
  try {
    return readPreferences(localStorage.getItem(NAME));
  } catch {
    return DEFAULTS;
  }
}

/** Stores in the browser where it allows that; a page without storage only forgets it. */
export function savePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(NAME, writePreferences(preferences));
  } catch (error) {
    console.info('The choice is not saved: storage is switched off.', error);
  }
}

/** Calls `changed` when another tab of this browser has chosen. Returns the function that stops it. */
export function onPreferencesElsewhere(changed: (preferences: Preferences) => void): () => void {
  const listener = ({ key, newValue }: StorageEvent): void => {
    if (key === NAME) changed(readPreferences(newValue));
  };
  addEventListener('storage', listener);
  return () => removeEventListener('storage', listener);
}

function parse(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  try {
    const read: unknown = JSON.parse(text);
    return isRecord(read) ? read : {};
  } catch {
    return {};
  }
}
