import type { FastifyInstance } from 'fastify';
import { type Fault, MillraceError, ok, type Result, refuse } from '#contracts/errors.ts';
import { EVENT_COUNTS } from '#contracts/metric/built-in.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema } from '#contracts/schema/schema.ts';
import { DURATION } from '#contracts/text/duration.ts';
import { SCHEMA_ANSWER } from '#contracts/view/schema-result.ts';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import { refusalOfSome } from '#platform/access/caller.ts';
import { clientAddress } from '#platform/http/callers/client-address.ts';
import { addressName } from '#platform/limits/address-name.ts';
import type { Owner } from '#platform/limits/budgets.ts';
import { createBoundedQueue } from '#platform/process/tasks/bounded-queue.ts';
import { keepAnswers } from '#platform/process/tasks/kept-answers.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { writeJson } from '#platform/process/tasks/write-json.ts';
import type { EventSample, NameSpan } from '#platform/store/store.ts';
import type { GatewayDeps, GatewaySettings } from '../../deps.ts';
import { KEYLESS } from '../../sessions/connections-per-key.ts';
import type { ViewService } from '../../views/view-service.ts';
import { problems } from '../definitions/definition-options.ts';
import { answerSeries } from '../series/series-answer.ts';
import { answerSchema } from './schema-answer.ts';

/** How much is told of all names, and of one in depth. */
const OF_ALL = { perName: 50, limit: 2_000, names: 1_000, bounds: { paths: 50, values: 5, length: 60 } };
const OF_ONE = { perName: 1_000, limit: 1_000, names: 1, bounds: { paths: 300, values: 20, length: 200 } };
/** The newest archived events among which samples are taken. */
const ROWS = 500_000;
/** Names whose first and last time is looked for. */
const SPANS = 5_000;
/** Facts of the Store may be some seconds old. */
const KEPT = { ms: 5_000, most: 50 };
/** Requests that wait for their turn. */
const MAX_WAITING = 50;

const QUERY = {
  type: 'object',
  additionalProperties: false,
  member: 'a parameter; there are',
  properties: {
    event: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      expected: 'the name of an event',
      description: 'Only this name, in depth: more events are sampled, and more is told of them',
    },
    range: {
      ...DURATION,
      code: 'invalid_parameter',
      default: '24h',
      description: 'The time that counts and rates are of, up to now; default 24h',
    },
  },
} as const satisfies Schema;

const tooMany = (most: number): Fault => ({
  code: 'too_many_waits',
  message: `${most} requests for the schema wait already; try again later.`,
});

interface SchemaDeps extends Pick<GatewayDeps, 'store'> {
  viewService: Pick<ViewService, 'open' | 'release'>;
}

/** Adds the route that tells which events there are: their names with exact counts, and what their properties are like. */
export function addSchemaRoute(
  server: FastifyInstance,
  { proxies }: Pick<GatewaySettings, 'proxies'>,
  { store, viewService }: SchemaDeps,
): void {
  const reads = createBoundedQueue(MAX_WAITING, tooMany);
  const spans = keepAnswers<NameSpan[]>(KEPT);
  const samples = keepAnswers<EventSample>(KEPT);
  server.get<{ Querystring: Record<string, unknown> }>('/v1/schema', OPTIONS, async (request, reply) => {
    const caller = request.caller!;
    const forbidden = refusalOfSome(caller, 'The schema is');
    if (forbidden !== null) throw new MillraceError(forbidden);
    const asked = readAs(QUERY, request.query, { code: 'invalid_parameter' });
    if (!asked.ok) throw new MillraceError(asked.fault);
    const { event = null, range = QUERY.properties.range.default } = asked.value;
    const address = addressName(clientAddress(request.raw, proxies));
    const owner = caller.id === KEYLESS ? { address } : { address, key: caller.id };
    const counts = await readCounts(viewService, range, owner);
    if (!counts.ok) throw new MillraceError(counts.fault);
    const { version } = counts.value;
    const detail = event === null ? OF_ALL : OF_ONE;
    // Answers are written in turn as well: none but one is in memory.
    const text = await reads.run(async () => {
      // Whoever is gone by now needs no answer.
      if (reply.raw.destroyed) return '';
      const facts = {
        ...{ counts: counts.value, event, ...detail },
        spans: await spans.get(String(version), () =>
          store.readSpans({ metric: EVENT_COUNTS, version, limit: SPANS }),
        ),
        sample: await samples.get(JSON.stringify(event), () =>
          store.readSample({ ...detail, event, rows: ROWS }),
        ),
      };
      return await runInTurns(writeJson(await runInTurns(answerSchema(facts))));
    });
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
    return text;
  });
}

/** The counts of all names, from the view that anybody may subscribe to. */
async function readCounts(
  service: SchemaDeps['viewService'],
  range: string,
  owner: Owner,
): Promise<Result<SeriesAnswer>> {
  const request = { metric: EVENT_COUNTS, window: 'whole', range };
  const opened = await service.open({ request, owner, held: null });
  if (!opened.ok) return opened.fault.code === 'unknown_metric' ? UNDEFINED : opened;
  service.release(opened.value.live, owner, true);
  return ok(await runInTurns(answerSeries(opened.value)));
}

/** As long as no aggregator has ever started on this log. */
const UNDEFINED = refuse(
  'not_ready',
  'Events are not counted by name yet: an aggregator defines that when it starts. Try again in a moment.',
);

const OPTIONS = {
  config: { access: 'read' },
  validatorCompiler: () => () => true,
  schema: {
    tags: ['events'],
    summary: 'Which events there are: names with exact counts, and their properties, sampled',
    description:
      'Counts are those of the built-in metric `$events`, which can be read and subscribed to like any other.',
    querystring: openApiOf(QUERY),
    response: {
      200: openApiOf(SCHEMA_ANSWER, { description: 'Names, counts, and facts about properties' }),
      ...problems([
        'invalid_parameter',
        'out_of_range',
        'forbidden_metric',
        'view_too_large',
        'too_many_waits',
        'store_unavailable',
        'not_ready',
      ]),
    },
  },
} as const;
