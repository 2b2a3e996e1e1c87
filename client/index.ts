import { MillraceError } from '#contracts/errors.ts';
import { browserEnvironment } from './environment.ts';
import { EventQueue } from './event-queue.ts';
import { createKeySource } from './key-source.ts';
import { createReporter } from './listeners.ts';
import { Live } from './live.ts';
import { browserPage, pageStorage } from './page.ts';
import type { Client, ClientOptions, EventMap } from './types.ts';

export type { EventStorage } from './event-storage.ts';
export type { GivenKey } from './key-source.ts';
export type {
  Client,
  ClientOptions,
  EventMap,
  Link,
  TrackOptions,
  ViewListener,
  ViewSubscription,
} from './types.ts';

/** How long `close` goes on sending events, ms. */
const CLOSE_WITHIN = 5_000;

/**
 * A client of one Millrace. It connects with its first `subscribe`, `tail` or `onBeat` and stays connected until `close`;
 * `track` alone needs no connection. Throws a `TypeError` where `url` is no address.
 */
export function createClient<Events extends Record<keyof Events, object> = EventMap>(
  options: ClientOptions = {},
): Client<Events> {
  const env = { ...browserEnvironment(), ...browserPage(), ...options.environment };
  const report = createReporter(options.onError);
  const url = baseUrl(options.url);
  const storage = options.storage === undefined ? pageStorage() : options.storage;
  const keys = createKeySource(options.key ?? null, report);
  const events = new EventQueue(url, storage, keys, env, report);
  const live = new Live(url, options.transports ?? ['websocket', 'polling'], keys, env, report);
  const connect = () => {
    if (live.connection.link.state === 'closed')
      throw new MillraceError({ code: 'shutting_down', message: 'The client is closed.' });
    live.connection.start();
    return live;
  };
  return {
    subscribe: (request, listener) => connect().views.subscribe(request, listener),
    tail: (listener, onRefused) => connect().tail.add(listener, onRefused),
    track: (event, properties, how = {}) => events.add(event, properties, how),
    setKey(key) {
      keys.set(key);
      live.keyChanged().catch(report);
      events.keyChanged();
    },
    onLink: (listener) => live.links.add(listener),
    onBeat: (listener) => connect().beats.add(listener),
    get link() {
      return live.connection.link;
    },
    get waiting() {
      return events.waiting;
    },
    get dropped() {
      return events.dropped;
    },
    now: () => env.clock() + live.clock.offset,
    async close() {
      live.close();
      await events.close(CLOSE_WITHIN);
    },
  };
}

/** The address as a folder, so that relative paths resolve below it. */
function baseUrl(url: string | undefined): URL {
  const given = url ?? globalThis.location?.origin;
  if (given === undefined) throw new TypeError('createClient: outside a browser it needs a url.');
  const base = new URL(given);
  base.pathname = `${base.pathname.replace(/\/+$/, '')}/`;
  return base;
}
