import type { Link } from '#client/types.ts';
import { asksForKey } from '../app/key-labels.ts';
import { formatAge, formatSpan } from '../format/format-duration.ts';
import { formatMoment } from '../format/format-time.ts';
import { tryWords } from '../panels/feed/panel-state.ts';

export interface LinkWords {
  glyph: 'live' | 'degraded' | 'reconnecting' | 'paused' | 'offline' | 'waiting' | 'stale';
  word: string;
  rest: string;
  /** The same where there is little room. */
  short: string;
  /** What it means, as sentences. */
  explained: string;
}

export interface LinkFacts {
  link: Link;
  /** Server time now and local time now, ms. */
  now: number;
  localNow: number;
  paused: number | null;
  /** `asOf` of each view of the page that has one. */
  asOf: readonly number[];
  online: boolean;
}

const TRANSPORTS = { websocket: 'WebSocket', polling: 'polling' } as const;
const STALE_AFTER = 3_000;

/** The link as shape, word, transport, round trip and age of the data. */
export function linkWords(facts: LinkFacts): LinkWords {
  const { link, now, localNow, paused, online } = facts;
  if (!online) return words('offline', 'Offline', 'no network', OFFLINE);
  if (link.state === 'connecting')
    return words('waiting', 'Connecting', tryWords(link, localNow), CONNECTING);
  if (link.state === 'refused')
    return link.refusal !== null && asksForKey(link.refusal.code)
      ? words('waiting', 'No key', '', NO_KEY)
      : words('offline', 'Not let in', link.refusal?.code ?? '', link.refusal?.message ?? NO_KEY);
  if (link.state !== 'live')
    return words('reconnecting', 'Reconnecting', tryWords(link, localNow), CONNECTING);
  if (paused !== null) {
    const [at, more] = [formatMoment(paused, now), `+${formatSpan(Math.max(0, now - paused))}`];
    return { ...words('paused', 'Paused', `${at} · ${more} waiting`, PAUSED), short: `${at} ${more}` };
  }
  return openWords(facts);
}

/** The link is open, and the page moves: how old is what it shows? */
function openWords({ link, now, asOf }: LinkFacts): LinkWords {
  const old = asOf.filter((time) => now - time > STALE_AFTER);
  // The newest speaks for all while all go on, and where none does; else the oldest does not go on.
  const some = old.length > 0 && old.length < asOf.length;
  const age = asOf.length === 0 ? null : formatAge(now - (some ? Math.min(...old) : Math.max(...asOf)));
  if (some) {
    const share = `${old.length} of ${asOf.length} views`;
    return words(
      'stale',
      'Partly stale',
      `${share} · age ${age}`,
      `${STALE} Of ${asOf.length} views ${old.length} are old.`,
      age,
    );
  }
  if (old.length > 0) return words('stale', 'Stale', `open · age ${age}`, STALE, age);
  const transport = link.transport === null ? 'open' : TRANSPORTS[link.transport];
  const trip = link.roundTrip === null ? null : `${Math.round(link.roundTrip)} ms`;
  const rest = [transport, trip, age === null ? null : `age ${age}`]
    .filter((part) => part !== null)
    .join(' · ');
  const sentences = `${trip === null ? '' : ` The way to the server and back takes ${trip}.`}${age === null ? '' : ` The newest data is ${age} old.`}`;
  return link.transport === 'polling'
    ? words('degraded', 'Degraded', rest, `${POLLING}${sentences}`, age ?? trip)
    : words('live', 'Live', rest, `${LIVE}${sentences}`, age ?? trip);
}

const OFFLINE = 'The browser says that there is no network. What is shown stays, and goes on by itself.';
const CONNECTING =
  'There is no connection to the server. The page tries again by itself; what is shown stays.';
const NO_KEY = 'Who reads here needs a key.';
const PAUSED = 'What is shown stands. Data goes on coming, and is shown when you go on: Live, or the key L.';
const STALE = 'The connection is open, and the server sends nothing new.';
const POLLING =
  'Data comes by single requests, since the network lets no WebSocket through: all of it, a little later.';
const LIVE = 'Data comes as it happens.';

const words = (
  glyph: LinkWords['glyph'],
  word: string,
  rest: string,
  explained: string,
  short: string | null = rest,
): LinkWords => ({ glyph, word, rest, explained, short: short ?? rest });
