import type { FastifyInstance } from 'fastify';
import { MillraceError, ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { DEFAULT_LIMITS, type EventLimits, WIDEST_LIMITS } from '#contracts/event/event.ts';
import { EVENT_VERDICT, VERDICTS_ANSWER, type VerdictsAnswer } from '#contracts/metric/verdict.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema } from '#contracts/schema/schema.ts';
import { type Caller, refusalOfSome } from '#platform/access/caller.ts';
import type { EventQuery } from '#platform/store/event-query.ts';
import type { GatewayDeps, GatewaySettings } from '../../deps.ts';
import { problems } from '../definitions/definition-options.ts';
import type { ArchiveReads } from '../events/archive-reads.ts';
import { ROWS } from '../events/events-route.ts';
import { archivedVerdicts } from './archived-verdicts.ts';
import { foldsOf } from './known-folds.ts';
import { readPasted } from './pasted-event.ts';
import { pastedVerdict, rejectedVerdict } from './pasted-verdict.ts';

const URL = '/v1/events/verdict';
/** Events of an answer. */
const MOST = 20;

type Deps = Pick<GatewayDeps, 'store' | 'catalog' | 'log' | 'clock'>;

/** Adds the routes that say what every metric made of an event: GET of archived ones, POST of one that was never sent. */
export async function addVerdictRoutes(
  server: FastifyInstance,
  { accepts }: Pick<GatewaySettings, 'accepts'>,
  deps: Deps,
  reads: ArchiveReads,
): Promise<void> {
  const { store, catalog, log, clock } = deps;
  server.get(URL, GET_OPTIONS, async (request, reply): Promise<VerdictsAnswer> => {
    const caller = allowed(request.caller!);
    const asked = readVerdictQuery(request.query);
    if (!asked.ok) throw new MillraceError(asked.fault);
    reply.header('cache-control', 'no-store');
    return reads.run(reply, async (mustGoOn) => {
      const page = await store.readEvents({ ...asked.value, where: [], limit: MOST, rows: ROWS });
      if (page.events.length === 0) throw new MillraceError(UNKNOWN);
      mustGoOn();
      const source = { folds: foldsOf(catalog.catalog, caller), commits: await store.readCommits() };
      const verdicts = await archivedVerdicts(page.events, source, { store, mustGoOn });
      return { verdicts, more: page.next !== null };
    });
  });
  // The body is read as ingest reads it, whatever its type.
  await server.register(async (raw) => {
    raw.removeAllContentTypeParsers();
    const parsing = { parseAs: 'buffer', bodyLimit: WIDEST_LIMITS.eventBytes * 2 } as const;
    raw.addContentTypeParser('*', parsing, (_, body, done) => done(null, body));
    const declared = new WeakMap<object, string | undefined>();
    raw.addHook('onRequest', async (request) => {
      declared.set(request, request.headers['content-type']);
      request.headers['content-type'] = 'application/octet-stream';
    });
    raw.post(URL, POST_OPTIONS, async (request, reply) => {
      const caller = allowed(request.caller!);
      const { 'content-encoding': encoding } = request.headers;
      if (encoding !== undefined && encoding !== 'identity') throw new MillraceError(ENCODED);
      const rules = { limits: limitsOf(accepts), skew: accepts.skew, received: clock() };
      const pasted = await readPasted(bytesOf(request.body), declared.get(request), rules);
      reply.header('cache-control', 'no-store');
      if (!pasted.ok) return rejectedVerdict(pasted.fault);
      return reads.run(reply, async (mustGoOn) => {
        const commits = await store.readCommits();
        mustGoOn();
        const partitions = (await log.bounds('events')).length;
        const folds = foldsOf(catalog.catalog, caller);
        return pastedVerdict(pasted.value, { folds, commits, partitions, store });
      });
    });
  });
}

/** Events are of all metrics: a key for some may not ask. */
function allowed(caller: Caller): Caller {
  const forbidden = refusalOfSome(caller, 'Events are');
  if (forbidden !== null) throw new MillraceError(forbidden);
  return caller;
}

const bytesOf = (body: unknown): Uint8Array => (body instanceof Uint8Array ? body : new Uint8Array());

const limitsOf = (accepts: GatewaySettings['accepts']): EventLimits => ({
  ...accepts,
  depth: DEFAULT_LIMITS.depth,
});

const UNKNOWN = refuse(
  'unknown_event',
  'No archived event is like that. It was not sent, not accepted (GET /v1/rejected says why), a repeat of another (ask by id), not archived yet (about a second), erased, or older than the archive.',
).fault;
const ENCODED = refuse(
  'unsupported_encoding',
  'content-encoding: send the event as it is.',
  'content-encoding',
).fault;

const TEXT = { type: 'string', minLength: 1 } as const satisfies Schema;
const VERDICT_QUERY = {
  type: 'object',
  additionalProperties: false,
  member: 'a parameter; there are',
  properties: {
    id: { ...TEXT, description: 'Events with this id' },
    key: { ...TEXT, description: 'Events of this key' },
    position: {
      type: 'string',
      pattern: '^[0-9]{1,9}:[0-9]{1,15}:[0-9]{1,9}$',
      expected: 'partition:offset:index such as 2:81:4',
      description: 'The event at this position: partition:offset:index',
      examples: ['2:81:4'],
    },
  },
} as const satisfies Schema;

/** Reads which events are meant. Refused with `invalid_parameter`. */
function readVerdictQuery(query: unknown): Result<Pick<EventQuery, 'id' | 'key' | 'position'>> {
  const read = readAs(VERDICT_QUERY, query, { code: 'invalid_parameter' });
  if (!read.ok) return read;
  const { id, key, position } = read.value;
  if (position === undefined) {
    if (id !== undefined || key !== undefined) return ok({ id, key });
    return refuse('invalid_parameter', `id: expected an id, a key or a position, got ${shown(query)}.`, 'id');
  }
  const other = id !== undefined ? 'id' : key !== undefined ? 'key' : null;
  if (other !== null) return refuse('invalid_parameter', `${other}: expected none beside position.`, other);
  const [part, offset, index] = position.split(':').map(Number);
  return ok({ position: { part: part!, offset: offset!, index: index! } });
}

const COMMON = { tags: ['events'] };
const GET_OPTIONS = {
  config: { access: 'read' },
  validatorCompiler: () => () => true,
  serializerCompiler: () => JSON.stringify,
  schema: {
    ...COMMON,
    summary: 'What every metric made of archived events, by id, key or position',
    querystring: openApiOf(VERDICT_QUERY),
    response: {
      200: openApiOf(VERDICTS_ANSWER, { description: 'The verdicts' }),
      ...problems([
        'invalid_parameter',
        'forbidden_metric',
        'unknown_event',
        'too_many_waits',
        'store_unavailable',
      ]),
    },
  },
} as const;
const POST_OPTIONS = {
  config: { access: 'read' },
  validatorCompiler: () => () => true,
  serializerCompiler: () => JSON.stringify,
  schema: {
    ...COMMON,
    summary: 'What would become of an event if it was sent now; nothing is stored',
    body: { description: 'One event, as for POST /v1/events' },
    response: {
      200: openApiOf(EVENT_VERDICT, { description: 'The verdict' }),
      ...problems([
        'unsupported_encoding',
        'body_too_large',
        'forbidden_metric',
        'too_many_waits',
        'store_unavailable',
      ]),
    },
  },
} as const;
