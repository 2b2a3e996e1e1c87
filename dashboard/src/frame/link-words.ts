import type { Link } from '#client/types.ts';
import { asksForKey } from '../app/key-words.ts';
import { formatMoment } from '../format/clock.ts';
import { formatAge } from '../format/duration.ts';
import { tryWords } from '../panels/panel-state.ts';

export interface LinkWords {
  glyph: 'live' | 'degraded' | 'reconnecting' | 'paused' | 'offline' | 'waiting' | 'stale';
  word: string;
  rest: string;
}

export interface LinkFacts {
  link: Link;
  /** Server time now and local time now, ms. */
  now: number;
  localNow: number;
  paused: number | null;
  /** Highest `asOf` of the page's views; null before the first. */
  asOf: number | null;
  online: boolean;
}

const TRANSPORTS = { websocket: 'WebSocket', polling: 'polling' } as const;
const STALE_AFTER = 3_000;

/** The link as shape, word, transport, round trip and age of the data. */
export function linkWords({ link, now, localNow, paused, asOf, online }: LinkFacts): LinkWords {
  if (!online) return { glyph: 'offline', word: 'Offline', rest: 'no network' };
  if (link.state === 'connecting')
    return { glyph: 'waiting', word: 'Connecting', rest: tryWords(link, localNow) };
  if (link.state === 'refused')
    return link.refusal !== null && asksForKey(link.refusal.code)
      ? { glyph: 'waiting', word: 'No key', rest: '' }
      : { glyph: 'offline', word: 'Not let in', rest: link.refusal?.code ?? '' };
  if (link.state !== 'live')
    return { glyph: 'reconnecting', word: 'Reconnecting', rest: tryWords(link, localNow) };
  if (paused !== null) return { glyph: 'paused', word: 'Paused', rest: formatMoment(paused, now) };
  const age = asOf === null ? null : now - asOf;
  const trip = link.roundTrip === null ? '' : ` · ${Math.round(link.roundTrip)} ms`;
  if (age !== null && age > STALE_AFTER)
    return { glyph: 'stale', word: 'Stale', rest: `open · age ${formatAge(age)}` };
  const transport = link.transport === null ? 'open' : TRANSPORTS[link.transport];
  const rest = `${transport}${trip}${age === null ? '' : ` · age ${formatAge(age)}`}`;
  return link.transport === 'polling'
    ? { glyph: 'degraded', word: 'Degraded', rest }
    : { glyph: 'live', word: 'Live', rest };
}
