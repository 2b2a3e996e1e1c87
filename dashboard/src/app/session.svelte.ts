import type { Client, ConnectionStatus, Heartbeat } from '#client/types.ts';
import { createDelayMeter, type DelayMeter } from '../charts/delay-meter.ts';
import { type CrossHair, createCrossHair } from '../charts/draw/cross-hair.ts';
import { type Inks, readInks } from '../charts/ink/inks.ts';
import { createScheduler, type Scheduler } from '../charts/scheduler.ts';
import { DEFAULT_RANGE, isSameRange, type PageRange } from '../range/page-range.ts';
import { addGetters } from './add-getters.ts';
import type { Api } from './api.ts';
import { createKeyPrompt, type KeyPrompt } from './key-prompt.svelte.ts';
import type { PageKey } from './page-key.ts';
import { readTheme, readUrl, type Theme, type UrlState, writeUrl } from './url-state.ts';

/** How often ages and clocks on the page are updated, ms. */
const TICK = 500;
/** Names in the local storage of the browser. */
const LETTERS = 'letters';
const THEME = 'theme';

/** Everything the page shares: the address, the link, the clock, and what draws. */
export interface Session {
  readonly client: Client;
  readonly api: Api;
  readonly keyPrompt: KeyPrompt;
  readonly scheduler: Scheduler;
  readonly crossHair: CrossHair;
  readonly delays: DelayMeter;
  readonly inks: Inks;
  readonly url: UrlState;
  readonly theme: Theme;
  /**
   * The moment at which the page keeps what it had, epoch ms; null while it goes on, and where the moment was not lived through
   * with this range: then what was there is asked for.
   */
  readonly held: number | null;
  /** Whether the page shows what is now: neither a moment nor a range that stands still. */
  readonly live: boolean;
  /** How often the reader has asked by key to write a range. */
  readonly rangeAsked: number;
  /** Whether single characters are keys of the page. */
  readonly letters: boolean;
  readonly link: ConnectionStatus;
  readonly heartbeat: Heartbeat | null;
  /** Server time, updated every half second; for text, not for drawing. */
  readonly now: number;
  /** Local time when the tab was shown again; 0 when it never was hidden. */
  readonly resumedAt: number;
  /** Whether the tab is shown. */
  readonly shown: boolean;
  /** Another board, range or moment is a step that Back returns from, unless `replace` says that the page went there by itself. */
  go(change: Partial<UrlState>, replace?: boolean): void;
  setTheme(theme: Theme): void;
  setLetters(on: boolean): void;
  /** Keeps what a live page shows. */
  pause(): void;
  /** Goes back to now: from a moment with its range, from a range that stands still with the last one that moved. */
  resume(): void;
  askRange(): void;
  togglePause(): void;
  close(): void;
}

export function createSession(client: Client, api: Api, keys: PageKey): Session {
  const first = readUrl(location.pathname, location.search);
  const state = $state({
    url: first,
    theme: initialTheme(first.theme),
    held: null as number | null,
    rangeAsked: 0,
    letters: readLocalStorage(LETTERS) !== 'off',
    link: { ...client.connection },
    heartbeat: null as Heartbeat | null,
    now: client.now(),
    resumedAt: 0,
    shown: !document.hidden,
  });
  showTheme(state.theme);
  let inks = $state.raw(readInks());
  // The system's own colours replace the theme's, and canvases must be drawn again.
  const forced = matchMedia('(forced-colors: active)');
  const renewInks = (): void => {
    inks = readInks();
  };
  forced.addEventListener('change', renewInks);
  const scheduler = createScheduler();
  const crossHair = createCrossHair();
  const keyPrompt = createKeyPrompt(client, api, keys);
  const ends = follow(client, state);
  ends.push(
    crossHair.onChange(() => scheduler.wake()),
    () => forced.removeEventListener('change', renewInks),
    keyPrompt.close,
  );

  /** The newest range that moved. */
  let moving: PageRange = first.range.kind === 'between' ? DEFAULT_RANGE : first.range;

  function go(change: Partial<UrlState>, replace = false): void {
    const elsewhere = 'board' in change ? { unknown: null } : {};
    const still = change.range?.kind === 'between' ? { paused: null } : {};
    const next = { ...state.url, ...elsewhere, ...still, ...change };
    if (next.range.kind !== 'between') moving = next.range;
    // Another board or range was not there at the moment that is held.
    if (next.paused !== state.held || 'board' in change || !isSameRange(next.range, state.url.range))
      state.held = null;
    const address = writeUrl(next);
    const moved = !replace && isStep(state.url, next);
    state.url = next;
    if (address === location.pathname + location.search) return;
    history[moved ? 'pushState' : 'replaceState'](null, '', address);
  }

  const result: Session = addGetters(
    {
      get inks() {
        return inks;
      },
      client,
      api,
      keyPrompt,
      scheduler,
      crossHair,
      delays: createDelayMeter(),
      go,
      setTheme(theme: Theme) {
        showTheme(theme);
        writeLocalStorage(THEME, theme);
        renewInks();
        state.theme = theme;
        if (state.url.theme !== null) go({ theme });
      },
      setLetters(on: boolean) {
        writeLocalStorage(LETTERS, on ? 'on' : 'off');
        state.letters = on;
      },
      get live() {
        return isLive(state.url);
      },
      pause() {
        if (!isLive(state.url)) return;
        const paused = Math.floor(client.now() / 1_000) * 1_000;
        go({ paused });
        state.held = paused;
      },
      resume: () => go({ paused: null, range: moving }),
      togglePause: () => (isLive(state.url) ? result.pause() : result.resume()),
      askRange() {
        state.rangeAsked++;
      },
      close() {
        for (const end of ends) end();
        scheduler.close();
      },
    },
    state,
  );
  return result;
}

/** Whether Back should return from there: other data is shown, not the same data in another way. */
const isStep = (from: UrlState, to: UrlState): boolean =>
  from.board !== to.board ||
  from.unknown !== to.unknown ||
  !isSameRange(from.range, to.range) ||
  from.paused !== to.paused;

const isLive = ({ paused, range }: UrlState): boolean => paused === null && range.kind !== 'between';

interface Followed {
  held: number | null;
  theme: Theme;
  letters: boolean;
  url: UrlState;
  link: ConnectionStatus;
  heartbeat: Heartbeat | null;
  now: number;
  resumedAt: number;
  shown: boolean;
}

/** Copies what changes outside into the reactive state. Returns the functions that stop it. */
function follow(client: Client, state: Followed): (() => void)[] {
  const tick = setInterval(() => {
    state.now = client.now();
  }, TICK);
  const onPop = (): void => {
    state.held = null;
    state.url = readUrl(location.pathname, location.search);
  };
  const onVisible = (): void => {
    state.shown = !document.hidden;
    if (state.shown) state.resumedAt = Date.now();
  };
  addEventListener('popstate', onPop);
  document.addEventListener('visibilitychange', onVisible);
  return [
    () => clearInterval(tick),
    () => removeEventListener('popstate', onPop),
    () => document.removeEventListener('visibilitychange', onVisible),
    client.onConnectionChange((link) => {
      state.link = { ...link };
    }),
    client.onHeartbeat((heartbeat) => {
      state.heartbeat = heartbeat;
    }),
  ];
}

/** The stored choice, else what the system prefers. */
function initialTheme(fromUrl: Theme | null): Theme {
  const chosen = fromUrl ?? readTheme(readLocalStorage(THEME));
  return chosen ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'paper' : 'ink');
}

function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}

/** Returns null where nothing is stored or storage is switched off. */
function readLocalStorage(name: string): string | null {
  try {
    return localStorage.getItem(`millrace.${name}`);
  } catch {
    return null;
  }
}

/** Stores a choice where the browser allows it; a page without storage only forgets it. */
function writeLocalStorage(name: string, value: string): void {
  try {
    localStorage.setItem(`millrace.${name}`, value);
  } catch (error) {
    console.info(`The choice of ${name} is not saved: storage is switched off.`, error);
  }
}
