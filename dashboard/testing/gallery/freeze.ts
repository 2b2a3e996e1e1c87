import { installClock } from './manual-clock.ts';

/** The data is made from the time: `?later=10000` shows the gallery with that of another moment, ms after the usual one. */
const later = Number(new URLSearchParams(location.search).get('later') ?? 0);
/** The moment that the gallery shows, and how long before it the panels began. */
export const MOMENT = Date.UTC(2026, 10, 23, 14, 18, 47, 300) + later;
export const LEAD = 20_180;

/** Imported before everything else, since it must be in place before anything reads the clock. */
export const clock = installClock(MOMENT - LEAD);
