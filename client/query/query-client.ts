import { MillraceError } from '#contracts/errors.ts';
import { ERASURE, type Erasure } from '#contracts/event/erasure.ts';
import { type ArchivedEvent, EVENT_PAGE, type EventPage } from '#contracts/event/event-page.ts';
import type { Where } from '#contracts/filter/where.ts';
import { REJECTED_PAGE, type RejectedPage, type RejectedRecord } from '#contracts/log/rejected-record.ts';
import { checkOptions } from '../check-input.ts';
import type { GivenKey } from '../host/key-source.ts';
import { createAsk } from './ask.ts';

export type { ErrorCode } from '#contracts/errors.ts';
export type { Erasure } from '#contracts/event/erasure.ts';
export type { ArchivedEvent, EventPage } from '#contracts/event/event-page.ts';
export type { RejectedPage, RejectedRecord } from '#contracts/log/rejected-record.ts';
export type { GivenKey } from '../host/key-source.ts';

export { MillraceError };

export interface QueryClientOptions {
  /** Address of Millrace; in a browser the page's own origin by default. */
  url?: string | undefined;
  /** A key with the scope `read` (`admin` to erase), where Millrace requires one; or a function that returns it, called before each request. */
  key?: GivenKey | undefined;
  /** Replaces the platform's `fetch`, for example by one that goes through a proxy. */
  fetch?: typeof fetch | undefined;
}

/** A date, a text of ISO 8601 with a zone, or epoch ms. */
export type Moment = Date | string | number;

export interface EventsRequest {
  /** Only events from this time on, and before that one, by their own time. */
  from?: Moment | undefined;
  to?: Moment | undefined;
  /** Only events of this name, or of one of these. */
  event?: string | readonly string[] | undefined;
  /** Only events of this key, or with this id: all of them are found. */
  key?: string | undefined;
  id?: string | undefined;
  /** Filter on properties, as in a metric: as text, or as an object. */
  where?: Where | undefined;
  /** Events of a page, 1 to 1,000; 100 by default. */
  limit?: number | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
}

export interface RejectedRequest {
  /** Only records with one of these codes. */
  code?: string | readonly string[] | undefined;
  /** Records of a page, 1 to 1,000; 100 by default. */
  limit?: number | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
}

export interface CallOptions {
  /** Ends the request; its promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Questions to one Millrace over HTTP: each call is one request, and holds nothing open. A promise rejects with a `MillraceError` where
 * Millrace refuses, and with another `Error` where something else answers, or nothing within a minute. Nothing is retried.
 */
export interface QueryClient {
  /** A page of archived events, newest first. */
  events(request?: EventsRequest, options?: CallOptions): Promise<EventPage>;
  /** All events that the request asks for, newest first; a page is read when it is needed. */
  eachEvent(request?: EventsRequest, options?: CallOptions): AsyncGenerator<ArchivedEvent, void, undefined>;
  /** A page of what was refused, newest first. */
  rejected(request?: RejectedRequest, options?: CallOptions): Promise<RejectedPage>;
  /** All that was refused and is still recorded, newest first; a page is read when it is needed. */
  eachRejected(
    request?: RejectedRequest,
    options?: CallOptions,
  ): AsyncGenerator<RejectedRecord, void, undefined>;
  /** Removes all events of a key from the archive. Needs the scope `admin`. */
  eraseEvents(key: string, options?: CallOptions): Promise<Erasure>;
}

/** Creates a client that asks. Throws a `TypeError` if an option is invalid, such as a `url` without `http`. */
export function createQueryClient(options: QueryClientOptions = {}): QueryClient {
  const { url, key } = checkOptions({ url: options.url, key: options.key });
  const ask = createAsk({ url, key: key ?? null, fetch: options.fetch ?? ((...args) => fetch(...args)) });
  const events: QueryClient['events'] = (request = {}, how) =>
    ask({ path: 'v1/events', query: eventsQuery(request), ...how }, EVENT_PAGE);
  const rejected: QueryClient['rejected'] = ({ code, ...rest } = {}, how) =>
    ask(
      { path: 'v1/rejected', query: { ...rest, code: code && [code].flat().join() }, ...how },
      REJECTED_PAGE,
    );
  return {
    events,
    eachEvent: (request = {}, how) =>
      eachOf(async (cursor) => {
        const page = await events({ ...request, cursor }, how);
        return { items: page.events, next: page.next };
      }, request.cursor),
    rejected,
    eachRejected: (request = {}, how) =>
      eachOf(async (cursor) => {
        const page = await rejected({ ...request, cursor }, how);
        return { items: page.rejected, next: page.next };
      }, request.cursor),
    eraseEvents: (of, how) =>
      ask({ method: 'DELETE', path: 'v1/events', query: { key: of }, ...how }, ERASURE),
  };
}

const eventsQuery = ({ from, to, where, ...rest }: EventsRequest) => ({
  ...rest,
  from: momentText(from),
  to: momentText(to),
  where: where === undefined || typeof where === 'string' ? where : JSON.stringify(where),
});

const momentText = (moment: Moment | undefined): string | number | undefined =>
  moment instanceof Date ? moment.toISOString() : moment;

interface Page<Item> {
  items: readonly Item[];
  next: string | null;
}

async function* eachOf<Item>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
  first: string | undefined,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | null | undefined = first;
  do {
    const page: Page<Item> = await read(cursor);
    yield* page.items;
    cursor = page.next;
  } while (cursor !== null);
}
