import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { type Fault, MillraceError } from '#contracts/errors.ts';
import { ERASURE } from '#contracts/event/erasure.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema } from '#contracts/schema/schema.ts';
import { createBoundedQueue } from '#platform/process/tasks/bounded-queue.ts';
import type { GatewayDeps } from '../../deps.ts';
import { problems } from '../definitions/definition-options.ts';
import { runErasure } from './run-erasure.ts';

type Deps = Pick<GatewayDeps, 'log' | 'store' | 'catalog' | 'clock' | 'logger'>;

/** About five seconds: events are archived a second after their receipt where nothing is wrong. */
const WAITS = { attempts: 12, first: 200, most: 1_000, random: Math.random };
/** Erasures that wait for their turn. */
const MAX_WAITING = 20;

/** Adds the route that removes the events of a key from the archive. One is done at a time. */
export function addEraseRoute(server: FastifyInstance, deps: Deps): void {
  const erasures = createBoundedQueue(MAX_WAITING, tooMany);
  server.delete('/v1/events', OPTIONS, async (request, reply) => {
    const read = readAs(ERASE_QUERY, request.query, { code: 'invalid_parameter' });
    if (!read.ok) throw new MillraceError(read.fault);
    const asked = { key: read.value.key, caller: request.caller!.id };
    const wait = async (ms: number): Promise<void> => {
      await sleep(ms, undefined, { ref: false });
    };
    const erasure = await erasures.run(() => runErasure(asked, deps, { ...WAITS, wait }));
    reply.header('cache-control', 'no-store');
    return erasure;
  });
}

const tooMany = (most: number): Fault => ({
  code: 'too_many_waits',
  message: `${most} erasures wait already; try again later.`,
});

const ERASE_QUERY = {
  type: 'object',
  required: ['key'],
  additionalProperties: false,
  member: 'a parameter; there is only',
  properties: {
    key: {
      type: 'string',
      minLength: 1,
      expected: 'the key of events, such as a user id',
      description: 'The key whose events are removed',
      examples: ['u_42'],
    },
  },
} as const satisfies Schema;

const OPTIONS = {
  config: { access: 'admin' },
  validatorCompiler: () => () => true,
  serializerCompiler: () => JSON.stringify,
  schema: {
    tags: ['events'],
    summary: 'Remove the archived events of a key, such as a person',
    description:
      'Events that were accepted before the call, and no later ones. It can be repeated. What metrics have counted stays.',
    querystring: openApiOf(ERASE_QUERY),
    response: {
      200: openApiOf(ERASURE, { description: 'What was removed, and what was not' }),
      ...problems([
        'invalid_parameter',
        'too_many_waits',
        'overloaded',
        'log_unavailable',
        'store_unavailable',
      ]),
    },
  },
} as const;
