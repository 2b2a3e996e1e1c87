import { DEFAULT_RANGE, isSameRange, type PageRange } from '../range/page-range.ts';
import { isSamePlace, type Place, readPlace } from './place.ts';
import { changeUrl, isLive, isStep, type Own, readUrl, type UrlState, writeUrl } from './url-state.ts';

/** The state of the page that is its address, and the steps of the reader through it. */
export interface Router {
  readonly url: UrlState;
  /**
   * The moment at which the page keeps what it had, epoch ms; null while it goes on, and where the moment was not lived through
   * with this range: then what was there is asked for.
   */
  readonly held: number | null;
  /** Counts the steps of the reader to another place. */
  readonly moves: number;
  /** Whether the page shows what is now: neither a moment nor a range that stands still. */
  readonly live: boolean;
  /** Another place, range or moment is a step that Back returns from, unless `replace` says that the page went there by itself. */
  go(change: Partial<UrlState>, replace?: boolean): void;
  /** Follows an address of the page, as a click on a link does. */
  goTo(href: string): void;
  /** Returns the address of a place at the time that is shown, for a link: a click on it is a step, without loading the page. */
  hrefOf(place: Place, panel?: string | null, own?: Own): string;
  /** Keeps what a live page shows. */
  pause(): void;
  /** Goes back to now: from a moment with its range, from a range that stands still with the last one that moved. */
  resume(): void;
  togglePause(): void;
}

interface RouterParts {
  /** The time of the server, epoch ms. */
  now(): number;
  /** The reader's time zone: that of `today` in an address. */
  zone(): string;
  /** Called after Back and Forward. */
  popped(): void;
}

/** Reads the address and follows it. `close` stops listening. */
export function createRouter({ now, zone, popped }: RouterParts): { router: Router; close: () => void } {
  const read = ({ pathname, search }: Location | URL): UrlState => readUrl(pathname, search, zone());
  const state = $state({
    url: read(location),
    held: null as number | null,
    moves: 0,
  });
  /** The newest range that moved. */
  let moving: PageRange = movingOf(state.url.range) ?? DEFAULT_RANGE;

  function go(change: Partial<UrlState>, replace = false): void {
    const before = state.url;
    const next = changeUrl(before, change);
    moving = movingOf(next.range) ?? moving;
    // Another place or range was not there at the moment that is held.
    const same = isSamePlace(before.place, next.place) && isSameRange(before.range, next.range);
    if (next.paused !== state.held || !same) state.held = null;
    state.url = next;
    if (!replace && !isSamePlace(before.place, next.place)) state.moves++;
    const address = writeUrl(next);
    if (address === location.pathname + location.search) return;
    history[!replace && isStep(before, next) ? 'pushState' : 'replaceState'](null, '', address);
  }

  const ends = [
    listen(globalThis, 'popstate', () => {
      const before = state.url.place;
      state.held = null;
      state.url = read(location);
      if (!isSamePlace(before, state.url.place)) state.moves++;
      moving = movingOf(state.url.range) ?? moving;
      popped();
    }),
    listen(document, 'click', (event) => {
      const link = followedLink(event as MouseEvent);
      if (link === null) return;
      event.preventDefault();
      go(read(link));
    }),
  ];
  const router: Router = {
    get url() {
      return state.url;
    },
    get held() {
      return state.held;
    },
    get moves() {
      return state.moves;
    },
    get live() {
      return isLive(state.url);
    },
    go,
    goTo(href) {
      go(read(new URL(href, location.href)));
    },
    hrefOf: (place, panel = null, own = {}) =>
      writeUrl({ ...changeUrl(state.url, { place }), panel, tables: [], sorts: [], own }),
    pause() {
      if (!isLive(state.url)) return;
      const paused = Math.floor(now() / 1_000) * 1_000;
      go({ paused });
      state.held = paused;
    },
    resume: () => go({ paused: null, range: moving }),
    togglePause: () => (isLive(state.url) ? router.pause() : router.resume()),
  };
  const close = (): void => {
    for (const end of ends) end();
  };
  return { router, close };
}

const movingOf = (range: PageRange): PageRange | null => (range.kind === 'between' ? null : range);

function listen(target: EventTarget, type: string, listener: (event: Event) => void): () => void {
  target.addEventListener(type, listener);
  return () => target.removeEventListener(type, listener);
}

/** Returns the address of the link that a click follows inside the page; null where the browser has to do it, such as in a new tab. */
function followedLink(event: MouseEvent): URL | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.href === '' || link.target !== '' || link.hasAttribute('download')) return null;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.hash !== '') return null;
  return readPlace(url.pathname).room === 'unknown' ? null : url;
}
