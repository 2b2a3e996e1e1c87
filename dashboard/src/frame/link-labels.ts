import type { ConnectionStatus } from '#client/types.ts';
import { asksForKey } from '../app/page-key.ts';
import { formatSpan } from '../format/format-duration.ts';
import type { Formats } from '../format/formats.ts';
import { attemptLabel } from '../panels/feed/panel-state.ts';

export interface LinkLabels {
  glyph: 'closed' | 'live' | 'degraded' | 'reconnecting' | 'paused' | 'offline' | 'waiting' | 'stale';
  word: string;
  rest: string;
  /** The same where there is little room. */
  short: string;
  /** What it means, as sentences. */
  explained: string;
}

export interface LinkFacts {
  link: ConnectionStatus;
  /** Server time now and local time now, ms. */
  now: number;
  localNow: number;
  paused: number | null;
  /** The range by its name, where it stands still; null where it goes on. */
  closed: string | null;
  /** `asOf` of each view of the page that has one. */
  asOf: readonly number[];
  /** Panels whose query has failed. */
  failing: number;
  online: boolean;
  formats: Formats;
}

const TRANSPORTS = { websocket: 'WebSocket', polling: 'polling' } as const;
const STALE_AFTER = 3_000;

/** The link as shape, word, transport, round trip and age of the data. */
export function linkLabels(facts: LinkFacts): LinkLabels {
  const { link, now, localNow, paused, online, formats } = facts;
  if (!online) return labels('offline', 'Offline', 'no network', OFFLINE);
  if (link.state === 'connecting')
    return labels('waiting', 'Connecting', attemptLabel(link, localNow), CONNECTING);
  if (link.state === 'refused')
    return link.refusal !== null && asksForKey(link.refusal.code)
      ? labels('waiting', 'No key', '', NO_KEY)
      : labels('offline', 'Not let in', link.refusal?.code ?? '', link.refusal?.message ?? NO_KEY);
  if (link.state !== 'live')
    return labels('reconnecting', 'Reconnecting', attemptLabel(link, localNow), CONNECTING);
  if (paused !== null) {
    const [at, more] = [formats.moment(paused, now), `+${formatSpan(Math.max(0, now - paused))}`];
    return { ...labels('paused', 'Paused', `${at} · ${more} waiting`, PAUSED), short: `${at} ${more}` };
  }
  if (facts.closed !== null) return labels('closed', 'History', facts.closed, CLOSED);
  return openLabels(facts);
}

/** Returns the labels of an open link on a live page: what has failed, and how old the data is. */
function openLabels({ link, now, asOf, failing, formats }: LinkFacts): LinkLabels {
  const old = asOf.filter((time) => now - time > STALE_AFTER);
  // The newest age is shown while all views advance, and where none does; else the age of the oldest, which does not.
  const some = old.length > 0 && old.length < asOf.length;
  const age = asOf.length === 0 ? null : formats.age(now - (some ? Math.min(...old) : Math.max(...asOf)));
  if (some) {
    const share = `${old.length} of ${asOf.length} views`;
    return labels(
      'stale',
      'Partly stale',
      `${share} · age ${age}`,
      `${STALE} Of ${asOf.length} views ${old.length} are old.`,
      age,
    );
  }
  if (old.length > 0) return labels('stale', 'Stale', `open · age ${age}`, STALE, age);
  if (failing > 0) {
    const panels = failing === 1 ? '1 panel' : `${failing} panels`;
    return labels('stale', 'Failing', `${panels}, trying again`, `${FAILING} It concerns ${panels}.`, panels);
  }
  const transport = link.transport === null ? 'open' : TRANSPORTS[link.transport];
  const trip = link.roundTrip === null ? null : `${Math.round(link.roundTrip)} ms`;
  const rest = [transport, trip, age === null ? null : `age ${age}`]
    .filter((part) => part !== null)
    .join(' · ');
  const sentences = `${trip === null ? '' : ` The round trip to the server takes ${trip}.`}${age === null ? '' : ` The newest data is ${age} old.`}`;
  return link.transport === 'polling'
    ? labels('degraded', 'Degraded', rest, `${POLLING}${sentences}`, age ?? trip)
    : labels('live', 'Live', rest, `${LIVE}${sentences}`, age ?? trip);
}

const OFFLINE =
  'The browser reports that there is no network. The page keeps what it shows, and continues by itself.';
const CONNECTING =
  'There is no connection to the server. The page retries by itself, and keeps what it shows.';
const NO_KEY = 'A key is needed to read here.';
const PAUSED =
  'The display stands still. Data still arrives, and is shown when you continue: press Live, or the key L.';
const CLOSED =
  'A time that is over is shown. Events of it that come late still count; for what comes now press Live, or the key L.';
const STALE = 'The connection is open, but the server sends no new data.';
const FAILING = 'The connection is open, but the server could not answer queries. They are sent again.';
const POLLING =
  'Data arrives by long-polling, because the network blocks WebSocket: complete, but a little later.';
const LIVE = 'Data arrives as it happens.';

const labels = (
  glyph: LinkLabels['glyph'],
  word: string,
  rest: string,
  explained: string,
  short: string | null = rest,
): LinkLabels => ({ glyph, word, rest, explained, short: short ?? rest });
