import type { FrameView, ViewContents } from '#contracts/view/frame.ts';
import type { SubscribeRequest } from '#contracts/view/preview-request.ts';
import type { Beat, Refusal, Tail } from '#contracts/view/protocol.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { Environment } from './host/environment.ts';
import type { GivenKey } from './host/key-source.ts';
import type { EventStorage, Page } from './host/page.ts';

export interface ClientOptions {
  /** Address of Millrace; in a browser the page's own origin by default. */
  url?: string | undefined;
  /**
   * The key, if Millrace requires one; or a function that returns it, called before each connection and each request of events,
   * and once more when its key is refused. Do not put a key into a page that others can read, unless it can only write.
   */
  key?: GivenKey | undefined;
  /** Which transports may be used; both by default, WebSocket first. */
  transports?: readonly ('websocket' | 'polling')[] | undefined;
  /**
   * Called with errors that nothing else handles: a listener that threw, a message of the wrong shape, an event that was refused, a view
   * that was refused and whose listener has no `onRefused`. Without it they go to the console. Of more than 100 errors
   * within a second the rest is only counted. The state of the connection is not an error: see `onConnectionChange`.
   */
  onError?: ((error: unknown) => void) | undefined;
  /**
   * Where events wait while the server is unreachable, so that they outlive the page; null keeps them in memory only. The default is
   * the `localStorage` of a page, and none elsewhere.
   */
  storage?: EventStorage | null | undefined;
  /** Replaces the clock, timers, randomness, fetch or the page. For tests. */
  environment?: Partial<Environment & Page> | undefined;
}

/** Events by name with their properties; with a narrower type the compiler refuses all others. */
export type EventMap = Record<string, object>;

export interface TrackOptions {
  /** For example a user id: events with the same key stay in order, and sessions and funnels use it. */
  key?: string | undefined;
  /** Of events with the same key and id only the first counts; random by default. */
  id?: string | undefined;
  /** When the event happened: a date, or an epoch number in s, ms, µs or ns (recognised by its magnitude); now by default. */
  timestamp?: number | Date | undefined;
}

/** Callbacks of a subscriber. Calls never overlap, and errors thrown by a listener do not reach the client: they go to its `onError`. */
export interface ViewListener {
  /**
   * The contents have changed: `change` is the part that changed, null if everything may have (snapshot, resume).
   * `contents` is shared by all subscribers of the view and must not be changed.
   */
  onChange(contents: ViewContents, change: FrameView | null): void;
  /** Called when the view is known, and again when its definition changes; always before the first `onChange`. */
  onInfo?(info: ViewInfo): void;
  /** The gateway refused the view; if `retry` is true, the client retries by itself. Without this callback the client's `onError` is called. */
  onRefused?(refusal: Refusal): void;
}

export interface ViewSubscription {
  /** Ends this subscription; the view itself is closed with its last subscription. Idempotent. */
  close(): void;
}

/** The server's heartbeat, once a second. */
export type Heartbeat = Beat;

/** The state of the client's connection. */
export interface ConnectionStatus {
  /** `refused`: the server refused the connection, and the client does not retry until `setKey`. */
  state: 'connecting' | 'live' | 'reconnecting' | 'refused' | 'closed';
  transport: 'websocket' | 'polling' | null;
  /** Last measured round trip, ms; null before the first. */
  roundTrip: number | null;
  /** Number of the current or next attempt, from 1; 0 while live. */
  attempt: number;
  /** When the next attempt starts, local epoch ms; null if none is scheduled. */
  nextTryAt: number | null;
  /** Local epoch ms of the last message of any kind; null before the first. */
  lastMessageAt: number | null;
  /** Why the connection was refused; null in every state other than `refused`. */
  refusal: Refusal | null;
}

/** @deprecated Use `ConnectionStatus`. */
export type Link = ConnectionStatus;

export interface Client<Events extends Record<keyof Events, object> = EventMap> {
  /**
   * Subscribes to a view. Equal requests share one view, one set of contents and one place on the wire. Like `tail` and `onHeartbeat`,
   * throws a `MillraceError` (`shutting_down`) after `close`, and a `TypeError` for an invalid request or listener.
   */
  subscribe(request: SubscribeRequest, listener: ViewListener): ViewSubscription;
  /**
   * Follows recent events, lossy by contract. Returns `unsubscribe`. `onRefused` is called if the key is restricted to some
   * metrics, because the tail shows the events of all.
   */
  tail(listener: (tail: Tail) => void, onRefused?: (refusal: Refusal) => void): () => void;
  /**
   * Sends one event; batched, and retried with the same id for as long as it takes. Never throws. Resolves when the event is durable;
   * rejects with a `MillraceError` if it is refused, cannot be written as JSON, or is dropped because too many are waiting. Errors also
   * go to `onError`, so the promise may be ignored.
   */
  track<Name extends keyof Events & string>(
    event: Name,
    properties?: Events[Name],
    options?: TrackOptions,
  ): Promise<void>;
  /**
   * Switches to another key: on the open connection, for later ones, and for events, including those that have been waiting since a key
   * was refused. If the server does not accept it, `onError` is called. Null forgets the key and connects without one.
   */
  setKey(key: GivenKey): void;
  /** Events that are not yet known to be durable. */
  readonly waiting: number;
  /** Events that were dropped because too many waited. */
  readonly dropped: number;
  /** Called whenever the connection status changes. Returns `unsubscribe`. */
  onConnectionChange(listener: (status: ConnectionStatus) => void): () => void;
  /** Called once a second, after `asOf`, `watermark` and `filled` of all views were updated from the heartbeat. Returns `unsubscribe`. */
  onHeartbeat(listener: (heartbeat: Heartbeat) => void): () => void;
  /** The connection status now. */
  readonly connection: ConnectionStatus;
  /** @deprecated Use `onConnectionChange`. */
  onLink(listener: (status: ConnectionStatus) => void): () => void;
  /** @deprecated Use `onHeartbeat`. */
  onBeat(listener: (heartbeat: Heartbeat) => void): () => void;
  /** @deprecated Use `connection`. */
  readonly link: ConnectionStatus;
  /** Server time now, epoch ms: the local clock corrected by the measured offset. */
  now(): number;
  /** Closes the connection at once and sends waiting events for at most 5 s; events left after that stay in `storage`. */
  close(): Promise<void>;
}
