import { BOARDS, CATALOGUE, EVENTS, EXPLORE, NOW, type Place } from './app/place.ts';
import type { LoadRoom, RoomEntry } from './frame/room.ts';

/** Every room of the page, in the order of the rail. One more is one more line, and a line in `app/place.ts` for its address. */
export const ROOMS: readonly RoomEntry[] = [
  { name: 'Now', icon: 'now', key: 'N', place: NOW, holds: [], last: false },
  { name: 'Boards', icon: 'boards', key: 'B', place: BOARDS, holds: ['board'], last: false },
  { name: 'Explore', icon: 'explore', key: 'E', place: EXPLORE, holds: [], last: false },
  { name: 'Metrics', icon: 'metrics', key: 'M', place: CATALOGUE, holds: ['metric'], last: false },
  { name: 'Events', icon: 'events', key: 'V', place: EVENTS, holds: [], last: false },
  { name: 'Connect', icon: 'connect', key: 'C', place: { room: 'connect' }, holds: [], last: false },
  { name: 'System', icon: 'system', key: 'S', place: { room: 'system' }, holds: [], last: false },
  { name: 'Settings', icon: 'settings', key: ',', place: { room: 'settings' }, holds: [], last: true },
];

/** Places whose data is of a time: only there the control of time acts. */
export const TIMED: ReadonlySet<Place['room']> = new Set(['board', 'explore', 'metric', 'events']);

/** What each place is drawn by, loaded when it is first shown. */
export const LOADERS: Readonly<Record<Place['room'], LoadRoom>> = {
  now: () => import('./now/now-page.svelte'),
  boards: () => import('./board/home-page.svelte'),
  board: () => import('./board/board-page.svelte'),
  explore: () => import('./explore/explore-page.svelte'),
  catalogue: () => import('./catalogue/catalogue-page.svelte'),
  metric: () => import('./catalogue/metric-page.svelte'),
  events: () => import('./events/events-page.svelte'),
  connect: () => import('./connect/connect-page.svelte'),
  system: () => import('./system/system-page.svelte'),
  settings: () => import('./settings/settings-page.svelte'),
  unknown: () => import('./board/unknown-page.svelte'),
};
