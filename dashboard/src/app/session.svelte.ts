import type { Client, ConnectionStatus } from '#client/types.ts';
import type { Beat } from '#contracts/view/protocol.ts';
import { createDelayMeter, type DelayMeter } from '../charts/delay-meter.ts';
import { type CrossHair, createCrossHair } from '../charts/draw/cross-hair.ts';
import { type Inks, readInks } from '../charts/ink/inks.ts';
import { createScheduler, type Scheduler } from '../charts/scheduler.ts';
import type { Api } from './api.ts';
import { exposeState } from './expose-state.ts';
import { createKeyDesk, type KeyDesk } from './key-desk.svelte.ts';
import { keep, readKept } from './local-storage.ts';
import type { PageKey } from './page-key.ts';
import { initialTheme, keepTheme, showTheme, type Theme } from './theme.ts';
import { readUrl, type UrlState, writeUrl } from './url-state.ts';

/** How often ages and clocks on the page are written anew, ms. */
const TICK = 500;
const LETTERS = 'letters';

/** Everything the page shares: the address, the link, the clock, and what draws. */
export interface Session {
  readonly client: Client;
  readonly api: Api;
  readonly desk: KeyDesk;
  readonly scheduler: Scheduler;
  readonly crossHair: CrossHair;
  readonly delays: DelayMeter;
  readonly inks: Inks;
  readonly url: UrlState;
  readonly theme: Theme;
  /** Whether single characters are keys of the page. */
  readonly letters: boolean;
  readonly link: ConnectionStatus;
  readonly beat: Beat | null;
  /** Server time, written every half second; for words, not for drawing. */
  readonly now: number;
  /** Local time when the tab was shown again; 0 when it never was hidden. */
  readonly resumedAt: number;
  /** Whether the tab is shown. */
  readonly shown: boolean;
  /** Another board, range or moment is a step that Back returns from, unless `replace` says that the page went there by itself. */
  go(change: Partial<UrlState>, replace?: boolean): void;
  setTheme(theme: Theme): void;
  setLetters(on: boolean): void;
  pause(): void;
  resume(): void;
  togglePause(): void;
  close(): void;
}

export function createSession(client: Client, api: Api, keys: PageKey): Session {
  const first = readUrl(location.pathname, location.search);
  const state = $state({
    url: first,
    theme: initialTheme(first.theme),
    letters: readKept(LETTERS) !== 'off',
    link: { ...client.connection },
    beat: null as Beat | null,
    now: client.now(),
    resumedAt: 0,
    shown: !document.hidden,
  });
  showTheme(state.theme);
  let inks = $state.raw(readInks());
  // The system's own colours replace the theme's, and canvases must be told.
  const forced = matchMedia('(forced-colors: active)');
  const renewInks = (): void => {
    inks = readInks();
  };
  forced.addEventListener('change', renewInks);
  const scheduler = createScheduler();
  const crossHair = createCrossHair();
  const desk = createKeyDesk(client, api, keys);
  const ends = follow(client, state);
  ends.push(
    crossHair.onChange(() => scheduler.wake()),
    () => forced.removeEventListener('change', renewInks),
    desk.close,
  );

  function go(change: Partial<UrlState>, replace = false): void {
    const elsewhere = 'board' in change ? { unknown: null } : {};
    const next = { ...state.url, ...elsewhere, ...change };
    const address = writeUrl(next);
    const moved = !replace && isStep(state.url, next);
    state.url = next;
    if (address === location.pathname + location.search) return;
    history[moved ? 'pushState' : 'replaceState'](null, '', address);
  }

  const result: Session = exposeState(
    {
      get inks() {
        return inks;
      },
      client,
      api,
      desk,
      scheduler,
      crossHair,
      delays: createDelayMeter(),
      go,
      setTheme(theme: Theme) {
        showTheme(theme);
        keepTheme(theme);
        renewInks();
        state.theme = theme;
        if (state.url.theme !== null) go({ theme });
      },
      setLetters(on: boolean) {
        keep(LETTERS, on ? 'on' : 'off');
        state.letters = on;
      },
      pause: () => go({ paused: Math.floor(client.now() / 1_000) * 1_000 }),
      resume: () => go({ paused: null }),
      togglePause: () => (state.url.paused === null ? result.pause() : result.resume()),
      close() {
        for (const end of ends) end();
        scheduler.close();
      },
    },
    state,
  );
  return result;
}

/** Whether somebody who goes there may want to go back: other data is shown, not the same in another way. */
const isStep = (from: UrlState, to: UrlState): boolean =>
  from.board !== to.board ||
  from.unknown !== to.unknown ||
  from.range !== to.range ||
  from.paused !== to.paused;

interface Followed {
  theme: Theme;
  letters: boolean;
  url: UrlState;
  link: ConnectionStatus;
  beat: Beat | null;
  now: number;
  resumedAt: number;
  shown: boolean;
}

/** Copies what changes outside into the reactive state. Answers what ends it. */
function follow(client: Client, state: Followed): (() => void)[] {
  const tick = setInterval(() => {
    state.now = client.now();
  }, TICK);
  const onPop = (): void => {
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
    client.onHeartbeat((beat) => {
      state.beat = beat;
    }),
  ];
}
