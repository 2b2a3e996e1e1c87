import type { Erasure } from '#contracts/event/erasure.ts';
import type { ArchivedEvent, EventPage } from '#contracts/event/event-page.ts';
import type { Where } from '#contracts/filter/where.ts';
import type { RejectedPage, RejectedRecord } from '#contracts/log/rejected-record.ts';
import type { DerivedExplanation, Differences, Explanation } from '#contracts/metric/explanation.ts';
import type { EventVerdict, VerdictsAnswer } from '#contracts/metric/verdict.ts';
import type { MetricGroups } from '#contracts/view/metric-groups.ts';
import type { PreviewAnswer } from '#contracts/view/preview-result.ts';
import type { SchemaAnswer } from '#contracts/view/schema-result.ts';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import type { GivenKey } from '../host/key-source.ts';

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

/** Which page, where an answer has several. */
export interface PageRequest {
  /** 1 to 1,000; 100 by default. */
  limit?: number | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
}

export interface EventsRequest extends PageRequest {
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
}

export interface RejectedRequest extends PageRequest {
  /** Only records with one of these codes. */
  code?: string | readonly string[] | undefined;
}

/** Cells of a metric: a window by its start, or a range; of one group, or of all. */
export interface CellsRequest {
  window?: Moment | undefined;
  /** Size of the window, such as `10s`; that of the metric by default. */
  size?: string | undefined;
  from?: Moment | undefined;
  to?: Moment | undefined;
  /** Values by dimension; of dimensions that are left out, all values. */
  group?: Readonly<Record<string, string>> | undefined;
  /** Filter on dimensions. */
  where?: Where | undefined;
}

export interface GroupsRequest {
  /** A duration up to now, such as `15m`; or two times in its place. */
  range?: string | undefined;
  from?: Moment | undefined;
  to?: Moment | undefined;
  /** Names of each level, 1 to 100; 10 by default. */
  limit?: number | undefined;
}

export interface SchemaRequest {
  /** Counts and rates are of this time up to now, such as `24h`. */
  range?: string | undefined;
  /** Only this name, in depth. */
  event?: string | undefined;
}

export interface PreviewRequest {
  /** A metric as it would be saved. */
  definition: object;
  /** What is to be shown of it. */
  view?: Omit<ViewRequest, 'metric'> | undefined;
}

/** Archived events: by id, key, both, or position. */
export interface VerdictsRequest {
  id?: string | undefined;
  key?: string | undefined;
  position?: { partition: number; offset: number; index: number } | undefined;
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
  /** The values of a view as a table. */
  series(view: ViewRequest, options?: CallOptions): Promise<SeriesAnswer>;
  /** A page of archived events, newest first. */
  events(request?: EventsRequest, options?: CallOptions): Promise<EventPage>;
  /** All events that the request asks for, newest first; a page is read when it is needed. */
  eachEvent(request?: EventsRequest, options?: CallOptions): AsyncGenerator<ArchivedEvent, void, undefined>;
  /** Which events there are, how often, and what their properties are like. */
  schema(request?: SchemaRequest, options?: CallOptions): Promise<SchemaAnswer>;
  /** What a definition would give if it were saved. Where `complete` is false, the same request soon after gives more. */
  preview(request: PreviewRequest, options?: CallOptions): Promise<PreviewAnswer>;
  /** Which archived events a number is made of, and which are left out. */
  explain(metric: string, cells: CellsRequest & PageRequest, options?: CallOptions): Promise<Explanation>;
  /** The same of a derived metric: of the numbers that it is computed from. */
  explainDerived(metric: string, cells: CellsRequest, options?: CallOptions): Promise<DerivedExplanation>;
  /** What is different about the events of a number. */
  differs(metric: string, cells: CellsRequest, options?: CallOptions): Promise<Differences>;
  /** How many groups a metric has, and which of them found no place. */
  groups(metric: string, request?: GroupsRequest, options?: CallOptions): Promise<MetricGroups>;
  /** What became of archived events, for every metric; the 20 newest. */
  verdicts(request: VerdictsRequest, options?: CallOptions): Promise<VerdictsAnswer>;
  /** What would become of an event if it came now; nothing is sent to be counted. */
  judge(event: object, options?: CallOptions): Promise<EventVerdict>;
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
