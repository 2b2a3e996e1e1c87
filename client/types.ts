import type { FrameView, ViewContents } from '#contracts/view/frame.ts';
import type { Beat, Refusal, Tail } from '#contracts/view/protocol.ts';
import type { ViewInfo, ViewRequest } from '#contracts/view/view.ts';
import type { Environment } from './host/environment.ts';
import type { GivenKey } from './host/key-source.ts';
import type { EventStorage, Page } from './host/page.ts';

export interface ClientOptions {
  /** Address of Millrace; in a browser the page's own origin by default. */
  url?: string;
  /**
   * The key, where Millrace needs one; or a function that gives it, asked before each connection and each request of events,
   * and once more when its key is refused. Not written into a page that others can read, unless it may only write.
   */
  key?: GivenKey;
  /** Which transports may be used; both by default, WebSocket first. */
  transports?: readonly ('websocket' | 'polling')[];
  /**
   * Told of what is nobody else's to hear: a listener that threw, a message of wrong shape, an event that was refused, a view
   * that was refused and whose listener has no `onRefused`.
   * Without it they go to the console. Of more than 100 within a second the rest is counted. The state of the connection is not an error: see `onLink`.
   */
  onError?: (error: unknown) => void;
  /**
   * Where events wait while the server is away, so that they outlive the page; null for memory alone. By default the
   * `localStorage` of a page, and none elsewhere.
   */
  storage?: EventStorage | null;
  /** Replaces the clock, timers, chance, fetch or what is known of the page. For tests. */
  environment?: Partial<Environment & Page>;
}

/** Events by name with their properties; a narrower one lets no others through the type check. */
export type EventMap = Record<string, object>;

export interface TrackOptions {
  /** Such as a user id: events of one key stay in order, and sessions and funnels go by it. */
  key?: string;
  /** Of events with one key and id the first counts; a random one by default. */
  id?: string;
  /** When it happened: a date, or an epoch number in s, ms, µs or ns, as its magnitude tells; now by default. */
  timestamp?: number | Date;
}

/** What a subscriber is told. Calls never overlap and never throw into the client: a listener's error is reported by `onError` of the client. */
export interface ViewListener {
  /**
   * The contents changed: `change` is the part that did, null when everything may have (snapshot, resume).
   * `contents` is shared by all subscribers of the view and must not be changed.
   */
  onChange(contents: ViewContents, change: FrameView | null): void;
  /** Once the view is known, and again when its definition changes; always before the first `onChange`. */
  onInfo?(info: ViewInfo): void;
  /** The gateway refused the view; with `retry` the client asks again by itself. Without it `onError` of the client is told. */
  onRefused?(refusal: Refusal): void;
}

export interface ViewSubscription {
  /** Ends this subscriber; the view itself ends with its last one. Idempotent. */
  close(): void;
}

/** The state of the one connection. */
export interface Link {
  /** `refused`: not let in, and nothing is tried until `setKey`. */
  state: 'connecting' | 'live' | 'reconnecting' | 'refused' | 'closed';
  transport: 'websocket' | 'polling' | null;
  /** Last measured round trip, ms; null before the first. */
  roundTrip: number | null;
  /** Attempt under way or waited for, from 1; 0 while live. */
  attempt: number;
  /** When the next attempt starts, local epoch ms; null when none is waited for. */
  nextTryAt: number | null;
  /** Local epoch ms of the last message of any kind; null before the first. */
  lastMessageAt: number | null;
  /** Why the client is not let in; null in every other state than `refused`. */
  refusal: Refusal | null;
}

export interface Client<Events extends Record<keyof Events, object> = EventMap> {
  /**
   * Subscribes to a view. Equal requests share one view, one set of contents and one place on the wire. Throws a
   * `MillraceError` (`shutting_down`) after `close`, as `tail` and `onBeat` do, and as they do a `TypeError` for what is no
   * request or no listener.
   */
  subscribe(request: ViewRequest, listener: ViewListener): ViewSubscription;
  /**
   * Follows recent events, lossy by contract. Answers a function that ends it. `onRefused` is told where the key allows some
   * metrics only, which the events of all are not.
   */
  tail(listener: (tail: Tail) => void, onRefused?: (refusal: Refusal) => void): () => void;
  /**
   * Sends one event; batched, retried with the same id for as long as it takes. Never throws. Resolves when it is durable;
   * rejects with a `MillraceError` when it is refused, cannot be written as JSON, or is dropped since too many wait. `onError`
   * is told of that too, so the promise may be left alone.
   */
  track<Name extends keyof Events & string>(
    event: Name,
    properties?: Events[Name],
    options?: TrackOptions,
  ): Promise<void>;
  /**
   * Goes on with another key: over the open connection, for further ones, and for events, those included that wait since a key was
   * refused. `onError` is told where the server does not take it. Null forgets the key and connects without.
   */
  setKey(key: GivenKey): void;
  /** Events that are not yet known to be durable. */
  readonly waiting: number;
  /** Events that were dropped because too many waited. */
  readonly dropped: number;
  onLink(listener: (link: Link) => void): () => void;
  /** Once a second; the contents of all views have taken `asOf`, `watermark` and `filled` from it when the listener is called. */
  onBeat(listener: (beat: Beat) => void): () => void;
  readonly link: Link;
  /** Server time now, epoch ms: the local clock corrected by the measured offset. */
  now(): number;
  /** Ends the connection at once and sends the events that wait, for at most 5 s; what is then left stays in `storage`. */
  close(): Promise<void>;
}
