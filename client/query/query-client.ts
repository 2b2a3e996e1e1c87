import { MillraceError } from '#contracts/errors.ts';
import { ERASURE } from '#contracts/event/erasure.ts';
import { EVENT_PAGE } from '#contracts/event/event-page.ts';
import { REJECTED_PAGE } from '#contracts/log/rejected-record.ts';
import { DERIVED_EXPLANATION, DIFFERENCES, EXPLANATION } from '#contracts/metric/explanation.ts';
import { EVENT_VERDICT, VERDICTS_ANSWER } from '#contracts/metric/verdict.ts';
import { METRIC_GROUPS } from '#contracts/view/metric-groups.ts';
import { PREVIEW_ANSWER } from '#contracts/view/preview-result.ts';
import { SCHEMA_ANSWER } from '#contracts/view/schema-result.ts';
import { SERIES_ANSWER } from '#contracts/view/series-result.ts';
import { checkOptions } from '../check-input.ts';
import type { CellsRequest, Moment, QueryClient, QueryClientOptions } from './query-types.ts';
import { createAsk, type Question } from './send-question.ts';

export type { ErrorCode } from '#contracts/errors.ts';
export type { Erasure } from '#contracts/event/erasure.ts';
export type { ArchivedEvent, EventPage } from '#contracts/event/event-page.ts';
export type { RejectedPage, RejectedRecord } from '#contracts/log/rejected-record.ts';
export type { DerivedExplanation, Differences, Explanation } from '#contracts/metric/explanation.ts';
export type { EventVerdict, MetricVerdict, VerdictsAnswer } from '#contracts/metric/verdict.ts';
export type { MetricGroups } from '#contracts/view/metric-groups.ts';
export type { PreviewAnswer } from '#contracts/view/preview-result.ts';
export type { SchemaAnswer } from '#contracts/view/schema-result.ts';
export type { SeriesAnswer } from '#contracts/view/series-result.ts';
export type { ViewRequest } from '#contracts/view/view-request.ts';
export type { GivenKey } from '../host/key-source.ts';
export type {
  CallOptions,
  CellsRequest,
  EventsRequest,
  GroupsRequest,
  Moment,
  PageRequest,
  PreviewRequest,
  QueryClient,
  QueryClientOptions,
  RejectedRequest,
  SchemaRequest,
  VerdictsRequest,
} from './query-types.ts';

export { MillraceError };

/** Creates a client that asks. Throws a `TypeError` if an option is invalid, such as a `url` without `http`. */
export function createQueryClient(options: QueryClientOptions = {}): QueryClient {
  const { url, key } = checkOptions({ url: options.url, key: options.key });
  const ask = createAsk({ url, key: key ?? null, fetch: options.fetch ?? ((...args) => fetch(...args)) });
  const events: QueryClient['events'] = (request = {}, how) =>
    ask({ path: 'v1/events', query: textsOf(request), ...how }, EVENT_PAGE);
  const rejected: QueryClient['rejected'] = ({ code, ...rest } = {}, how) =>
    ask(
      { path: 'v1/rejected', query: { ...rest, code: code && [code].flat().join() }, ...how },
      REJECTED_PAGE,
    );
  const ofMetric = (id: string, what: string): string => `v1/metrics/${encodeURIComponent(id)}/${what}`;
  return {
    series: ({ metric, groupBy, ...view }, how) =>
      ask(
        {
          path: ofMetric(metric, 'series'),
          // An empty list merges all groups, and none at all is another question.
          query: { ...textsOf(view), groupBy: groupBy?.length === 0 ? '' : (groupBy ?? undefined) },
          ...how,
        },
        SERIES_ANSWER,
      ),
    events,
    eachEvent: (request = {}, how) =>
      eachOf(async (cursor) => {
        const page = await events({ ...request, cursor }, how);
        return { items: page.events, next: page.next };
      }, request.cursor),
    schema: (request = {}, how) => ask({ path: 'v1/schema', query: { ...request }, ...how }, SCHEMA_ANSWER),
    preview: (body, how) => ask({ method: 'POST', path: 'v1/preview', body, ...how }, PREVIEW_ANSWER),
    explain: (metric, cells, how) =>
      ask({ path: ofMetric(metric, 'explain'), query: textsOf(cells), ...how }, EXPLANATION),
    explainDerived: (metric, cells, how) =>
      ask({ path: ofMetric(metric, 'explain'), query: textsOf(cells), ...how }, DERIVED_EXPLANATION),
    differs: (metric, cells, how) =>
      ask({ path: ofMetric(metric, 'differs'), query: textsOf(cells), ...how }, DIFFERENCES),
    groups: (metric, request = {}, how) =>
      ask({ path: ofMetric(metric, 'groups'), query: textsOf(request), ...how }, METRIC_GROUPS),
    verdicts: ({ position, ...of }, how) => {
      const place = position && [position.partition, position.offset, position.index].join(':');
      return ask({ path: 'v1/events/verdict', query: { ...of, position: place }, ...how }, VERDICTS_ANSWER);
    },
    judge: (body, how) => ask({ method: 'POST', path: 'v1/events/verdict', body, ...how }, EVENT_VERDICT),
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

type Parameter = CellsRequest[keyof CellsRequest] | Moment | readonly string[] | object | null;

/** Parameters as an address has them: times as ISO 8601, objects as JSON. What is null is left out. */
function textsOf(request: Readonly<Record<string, Parameter>> | object): NonNullable<Question['query']> {
  const texts: Record<string, string | number | readonly string[]> = {};
  for (const [name, value] of Object.entries(request) as [string, Parameter][]) {
    if (value === undefined || value === null) continue;
    texts[name] = textOf(value);
  }
  return texts;
}

function textOf(value: NonNullable<Parameter>): string | number | readonly string[] {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

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
