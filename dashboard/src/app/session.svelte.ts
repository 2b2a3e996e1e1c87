import { SvelteSet } from 'svelte/reactivity';
import type { Client, ConnectionStatus, Heartbeat } from '#client/types.ts';
import { createDelayMeter, type DelayMeter } from '../charts/delay-meter.ts';
import { type CrossHair, createCrossHair } from '../charts/draw/cross-hair.ts';
import { type Inks, readInks } from '../charts/ink/inks.ts';
import { createScheduler, type Scheduler } from '../charts/scheduler.ts';
import { createFormats, type FormatChoice, type Formats } from '../format/formats.ts';
import { addGetters } from './add-getters.ts';
import type { Api } from './api.ts';
import { createKeyPrompt, type KeyPrompt } from './key-prompt.svelte.ts';
import type { PageKey } from './page-key.ts';
import {
  addRecent,
  addVisit,
  loadPreferences,
  onPreferencesElsewhere,
  type Preferences,
  savePreferences,
  togglePin,
} from './preferences.ts';
import { createRouter, type Router } from './router.svelte.ts';
import { createSchemaStore, type SchemaStore } from './schema-store.svelte.ts';
import type { Theme } from './url-state.ts';

/** How often ages and clocks on the page are updated, ms. */
const TICK = 500;

/** Everything the page shares: the address, the link, the clock, and what draws. */
export interface Session extends Router {
  readonly client: Client;
  readonly api: Api;
  readonly keyPrompt: KeyPrompt;
  /** Which events there are: read from here, what is typed is completed at once. */
  readonly schema: SchemaStore;
  readonly scheduler: Scheduler;
  readonly crossHair: CrossHair;
  readonly delays: DelayMeter;
  /** The panels whose query has failed and is tried again, by id. */
  readonly failing: Set<string>;
  readonly inks: Inks;
  /** How times and numbers are written, and the calendar of the reader: as chosen, everywhere on the page. */
  readonly formats: Formats;
  readonly theme: Theme;
  /** How often the reader has asked by key to write a range. */
  readonly rangeAsked: number;
  /** What the reader has chosen in this browser. */
  readonly preferences: Preferences;
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
  /** Chooses a theme, also in an address that names one. */
  setTheme(theme: Preferences['theme']): void;
  setLetters(on: boolean): void;
  setMotion(motion: Preferences['motion']): void;
  setFormats(change: Partial<FormatChoice>): void;
  /** Notes what was chosen in the palette. */
  addRecent(chosen: string): void;
  togglePin(board: string): void;
  /** Notes that a board was opened. */
  addVisit(board: string): void;
  setSteps(on: boolean): void;
  askRange(): void;
  close(): void;
}

export function createSession(client: Client, api: Api, keys: PageKey): Session {
  const state = $state({
    preferences: loadPreferences(),
    rangeAsked: 0,
    link: { ...client.connection },
    heartbeat: null as Heartbeat | null,
    now: client.now(),
    resumedAt: 0,
    shown: !document.hidden,
  });
  // Each by itself: what is written anew when one of them changes does not change with other choices.
  const zone = $derived(state.preferences.zone);
  const dates = $derived(state.preferences.dates);
  const hours = $derived(state.preferences.hours);
  const numbers = $derived(state.preferences.numbers);
  const formats = $derived(createFormats({ zone, dates, hours, numbers }));
  const { router, close: leave } = createRouter({
    now: () => client.now(),
    zone: () => formats.calendar.zone,
    // The address may name another theme.
    popped: () => show(),
  });
  const light = matchMedia('(prefers-color-scheme: light)');
  let systemTheme = $state.raw<Theme>(light.matches ? 'paper' : 'ink');
  const themeOf = (): Theme => {
    const { theme } = state.preferences;
    return router.url.theme ?? (theme === 'system' ? systemTheme : theme);
  };
  showChoices(themeOf(), state.preferences.motion);
  let inks = $state.raw(readInks());
  // The system's own colours replace the theme's, and canvases must be drawn again.
  const forced = matchMedia('(forced-colors: active)');
  const renewInks = (): void => {
    inks = readInks();
  };
  forced.addEventListener('change', renewInks);
  const show = (): void => {
    showChoices(themeOf(), state.preferences.motion);
    renewInks();
    // A period of the calendar is one of the zone that is chosen now.
    const { range } = router.url;
    if (range.kind === 'this') router.go({ range: { ...range, timezone: formats.calendar.zone } }, true);
  };
  const followSystem = (): void => {
    systemTheme = light.matches ? 'paper' : 'ink';
    show();
  };
  light.addEventListener('change', followSystem);
  const choose = (change: Partial<Preferences>): void => {
    state.preferences = { ...state.preferences, ...change };
    savePreferences(state.preferences);
    show();
  };
  const scheduler = createScheduler();
  const crossHair = createCrossHair();
  const keyPrompt = createKeyPrompt(client, api, keys);
  const ends = follow(client, state);
  ends.push(
    crossHair.onChange(() => scheduler.wake()),
    () => forced.removeEventListener('change', renewInks),
    () => light.removeEventListener('change', followSystem),
    onPreferencesElsewhere((preferences) => {
      state.preferences = preferences;
      show();
    }),
    keyPrompt.close,
    leave,
  );

  const own = {
    get inks() {
      return inks;
    },
    get formats() {
      return formats;
    },
    client,
    api,
    keyPrompt,
    schema: createSchemaStore(api.ask),
    scheduler,
    crossHair,
    failing: new SvelteSet<string>(),
    delays: createDelayMeter(),
    get theme() {
      return themeOf();
    },
    get letters() {
      return state.preferences.letters;
    },
    setTheme(theme: Preferences['theme']) {
      if (router.url.theme !== null) router.go({ theme: null });
      choose({ theme });
    },
    setLetters: (letters: boolean) => choose({ letters }),
    setMotion: (motion: Preferences['motion']) => choose({ motion }),
    setFormats: (change: Partial<FormatChoice>) => choose(change),
    addRecent: (chosen: string) => choose({ recent: addRecent(state.preferences.recent, chosen) }),
    togglePin: (board: string) => choose({ pins: togglePin(state.preferences.pins, board) }),
    addVisit: (board: string) =>
      choose({ visits: addVisit(state.preferences.visits, { board, at: client.now() }) }),
    setSteps: (steps: boolean) => choose({ steps }),
    askRange() {
      state.rangeAsked++;
    },
    close() {
      for (const end of ends) end();
      scheduler.close();
    },
  };
  return addGetters(addGetters(own, router), state);
}

interface Followed {
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
  const onVisible = (): void => {
    state.shown = !document.hidden;
    if (state.shown) state.resumedAt = Date.now();
  };
  document.addEventListener('visibilitychange', onVisible);
  return [
    () => clearInterval(tick),
    () => document.removeEventListener('visibilitychange', onVisible),
    client.onConnectionChange((link) => {
      state.link = { ...link };
    }),
    client.onHeartbeat((heartbeat) => {
      state.heartbeat = heartbeat;
    }),
  ];
}

/** The style sheets follow these two. */
function showChoices(theme: Theme, motion: Preferences['motion']): void {
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.motion = motion;
}
