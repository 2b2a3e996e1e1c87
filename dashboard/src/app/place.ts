/** What the page shows: a room, and which of its things. `unknown` is an address at which there is nothing. */
export type Place =
  | { readonly room: 'now' }
  | { readonly room: 'boards' }
  | { readonly room: 'board'; readonly board: string }
  | { readonly room: 'explore' }
  | { readonly room: 'catalogue' }
  /** `metric` is empty for one that is not saved yet. */
  | { readonly room: 'metric'; readonly metric: string }
  | { readonly room: 'events' }
  | { readonly room: 'connect' }
  | { readonly room: 'system' }
  | { readonly room: 'settings' }
  | { readonly room: 'unknown'; readonly path: string };

export const NOW: Place = { room: 'now' };
export const BOARDS: Place = { room: 'boards' };
export const EXPLORE: Place = { room: 'explore' };
export const CATALOGUE: Place = { room: 'catalogue' };
export const NEW_METRIC: Place = { room: 'metric', metric: '' };
export const EVENTS: Place = { room: 'events' };
export const boardAt = (board: string): Place => ({ room: 'board', board });
export const metricAt = (metric: string): Place => ({ room: 'metric', metric });

/** Addresses of rooms that have nothing to choose. */
const PATHS: ReadonlyMap<string, Place> = new Map<string, Place>([
  ['/', NOW],
  ['/index.html', NOW],
  ['/boards', BOARDS],
  ['/explore', EXPLORE],
  ['/catalogue', CATALOGUE],
  ['/catalogue/new', NEW_METRIC],
  ['/events', EVENTS],
  ['/connect', { room: 'connect' }],
  ['/system', { room: 'system' }],
  ['/settings', { room: 'settings' }],
]);

/** Reads the path of an address; a slash at its end changes nothing. */
export function readPlace(path: string): Place {
  const known = PATHS.get(path) ?? PATHS.get(path.replace(/\/$/, ''));
  if (known !== undefined) return known;
  const [, list, named] = /^\/(boards|catalogue)\/([^/]+)\/?$/.exec(path) ?? [];
  const id = decode(named ?? '');
  if (id === null || id === '') return { room: 'unknown', path };
  return list === 'boards' ? boardAt(id) : metricAt(id);
}

/** Returns the path of a place. */
export function writePlace(place: Place): string {
  if (place.room === 'unknown') return place.path;
  if (place.room === 'board') return `/boards/${encodeURIComponent(place.board)}`;
  if (place.room === 'metric') return `/catalogue/${metricPath(place.metric)}`;
  return place.room === 'now' ? '/' : `/${place.room}`;
}

/** A metric that is called `new` has a letter escaped, since the word stands for one that is not saved yet. */
const metricPath = (id: string): string =>
  id === '' ? 'new' : id === 'new' ? '%6Eew' : encodeURIComponent(id);

export const isSamePlace = (a: Place, b: Place): boolean =>
  a.room === b.room && writePlace(a) === writePlace(b);

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Characters of a path that are shown. */
const SHOWN_PATH = 120;

/** Returns the path of an address decoded and cut where it is long, and its last part, which may be a name. */
export function readablePath(path: string): { text: string; last: string } {
  const read = decode(path) ?? path;
  const text = read.length > SHOWN_PATH ? `${read.slice(0, SHOWN_PATH)}…` : read;
  return { text, last: text.split('/').findLast((part) => part !== '') ?? '' };
}
