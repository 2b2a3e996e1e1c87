import { browserEnvironment } from './environment.ts';
import { EventQueue } from './event-queue.ts';
import { createReporter } from './listeners.ts';
import { Live } from './live.ts';
import type { Client, ClientOptions } from './types.ts';

export type { Client, ClientOptions, Link, ViewListener, ViewSubscription } from './types.ts';

/** How long `close` goes on sending events, ms. */
const CLOSE_WITHIN = 5_000;

/**
 * A client of one Millrace. It connects with its first `subscribe`, `tail` or `onBeat` and stays connected until `close`;
 * `track` alone needs no connection. Throws a `TypeError` where `url` is no address.
 */
export function createClient(options: ClientOptions = {}): Client {
  const env = { ...browserEnvironment(), ...options.environment };
  const report = createReporter(options.onError);
  const url = baseUrl(options.url);
  const events = new EventQueue(url, env, report);
  const live = new Live(url, options.transports ?? ['websocket', 'polling'], env, report);
  return {
    subscribe(request, listener) {
      live.connection.start();
      return live.views.subscribe(request, listener);
    },
    tail(listener) {
      live.connection.start();
      return live.tail.add(listener);
    },
    track: (event, properties) => events.add(event, properties),
    onLink: (listener) => live.links.add(listener),
    onBeat(listener) {
      live.connection.start();
      return live.beats.add(listener);
    },
    get link() {
      return live.connection.link;
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
