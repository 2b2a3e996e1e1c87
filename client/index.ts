import { MillraceError } from '#contracts/errors.ts';
import { checkFunction, checkKey, checkListener, checkOptions, checkRequest } from './check-input.ts';
import { EventQueue } from './events/event-queue.ts';
import { browserEnvironment, type Environment } from './host/environment.ts';
import { createKeySource, type GivenKey } from './host/key-source.ts';
import { createReporter, guard, type ReportError } from './host/listeners.ts';
import { browserPage, pageStorage } from './host/page.ts';
import { Live } from './live.ts';
import type { Client, ClientOptions, EventMap } from './types.ts';

export type { ErrorCode } from '#contracts/errors.ts';
export type { FrameView, ViewContents } from '#contracts/view/frame.ts';
export type { PreviewRequest, SubscribeRequest } from '#contracts/view/preview-request.ts';
export type { Beat, Refusal, Tail } from '#contracts/view/protocol.ts';
export type { ViewInfo } from '#contracts/view/view.ts';
export type { ViewRequest } from '#contracts/view/view-request.ts';
export type { GivenKey } from './host/key-source.ts';
export type { EventStorage } from './host/page.ts';
export type {
  Client,
  ClientOptions,
  ConnectionStatus,
  EventMap,
  Heartbeat,
  Link,
  TrackOptions,
  ViewListener,
  ViewSubscription,
} from './types.ts';

export { MillraceError };

/** How long `close` goes on sending events, ms. */
const CLOSE_WITHIN = 5_000;
/** How long a function for the key may take, ms: after that, what waits for it is tried again later. */
const KEY_WITHIN = 30_000;

/**
 * A client of one Millrace. It connects with its first `subscribe`, `tail` or `onHeartbeat` and stays connected until `close`;
 * `track` alone needs no connection. Throws a `TypeError` if an option is invalid, such as a `url` without `http`.
 */
export function createClient<Events extends Record<keyof Events, object> = EventMap>(
  options: ClientOptions = {},
): Client<Events> {
  const { url, key, transports, onError, storage, environment } = checkOptions(options);
  const given = { ...browserEnvironment(), ...browserPage(), ...environment };
  const report = createReporter(onError, given);
  const env = { ...given, after: guardTimers(given, report) };
  const keys = createKeySource(limitKey(key ?? null, env), report);
  const events = new EventQueue(url, storage === undefined ? pageStorage() : storage, keys, env, report);
  const live = new Live(url, transports ?? ['websocket', 'polling'], keys, env, report);
  const connect = () => {
    if (live.connection.link.state === 'closed')
      throw new MillraceError({ code: 'shutting_down', message: 'The client is closed.' });
    live.connection.start();
    return live;
  };
  const onConnectionChange: Client['onConnectionChange'] = (listener) => {
    checkFunction('onConnectionChange', listener);
    return live.links.add(listener);
  };
  const onHeartbeat: Client['onHeartbeat'] = (listener) => {
    checkFunction('onHeartbeat', listener);
    return connect().heartbeats.add(listener);
  };
  return {
    subscribe(request, listener) {
      const asked = checkRequest(request);
      checkListener(listener);
      return connect().views.subscribe(asked, listener);
    },
    tail(listener, onRefused) {
      checkFunction('tail', listener);
      checkFunction('onRefused', onRefused, true);
      return connect().tail.add(listener, onRefused);
    },
    track: (event, properties, how) => events.add(event, properties, how),
    setKey(key) {
      keys.set(limitKey(checkKey(key), env));
      live.keyChanged().catch(report);
      events.keyChanged();
    },
    onConnectionChange,
    onHeartbeat,
    get connection() {
      return live.connection.link;
    },
    onLink: onConnectionChange,
    onBeat: onHeartbeat,
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

/** An exception in a timer has no caller that could catch it and would end a Node process: it goes to `report`. */
function guardTimers({ after }: Environment, report: ReportError): Environment['after'] {
  return (ms, call, idle) => after(ms, () => guard(report, call), idle);
}

/** Bounds the key function of an app, which may never return. */
function limitKey(key: GivenKey, env: Environment): GivenKey {
  if (typeof key !== 'function') return key;
  return () =>
    new Promise<string>((resolve, reject) => {
      const late = () => reject(new Error('The key function returned no key in time.'));
      const cancel = env.after(KEY_WITHIN, late, true);
      const given = async () => key();
      given().finally(cancel).then(resolve, reject);
    });
}
