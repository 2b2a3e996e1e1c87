import type { FastifyInstance } from 'fastify';
import { MillraceError } from '#contracts/errors.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { PREVIEW_ANSWER } from '#contracts/view/preview-result.ts';
import { refusalOfSome } from '#platform/access/caller.ts';
import { clientAddress } from '#platform/http/callers/client-address.ts';
import { addressName } from '#platform/limits/address-name.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { writeJson } from '#platform/process/tasks/write-json.ts';
import type { ZoneOf } from '#platform/time/zone-table.ts';
import type { GatewayDeps, GatewaySettings } from '../../deps.ts';
import type { Previews } from '../../previews/previews.ts';
import { PREVIEW_BODY, readPreview } from '../../previews/read-preview.ts';
import { KEYLESS } from '../../sessions/connections-per-key.ts';
import { problems } from '../definitions/definition-options.ts';
import { answerPreview } from './preview-answer.ts';

/** Adds the route that shows what a definition would give if it were saved. Nothing is saved. */
export function addPreviewRoute(
  server: FastifyInstance,
  { horizon, proxies, definitionBytes }: Pick<GatewaySettings, 'horizon' | 'proxies' | 'definitionBytes'>,
  { catalog, previews, zoneOf }: Pick<GatewayDeps, 'catalog'> & { previews: Previews; zoneOf: ZoneOf },
): void {
  server.post('/v1/preview', { ...OPTIONS, bodyLimit: definitionBytes }, async (request, reply) => {
    const caller = request.caller!;
    const forbidden = refusalOfSome(caller, 'A preview is made of events');
    if (forbidden !== null) throw new MillraceError(forbidden);
    const asked = readPreview(request.body, { horizon, zoneOf });
    if (!asked.ok) throw new MillraceError(asked.fault);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const owner =
      caller.id === KEYLESS
        ? `address ${addressName(clientAddress(request.raw, proxies))}`
        : `key ${caller.id}`;
    const state = await previews.ask({ ...asked.value, owner, gone: gone.signal });
    const answer = await runInTurns(
      answerPreview(asked.value.known.metric, state, { catalog, epoch: catalog.identity }),
    );
    reply.code(state.complete ? 200 : 202).header('cache-control', 'no-store');
    reply.type('application/json; charset=utf-8');
    return await runInTurns(writeJson(answer));
  });
}

const OPTIONS = {
  config: { access: 'read' },
  validatorCompiler: () => () => true,
  serializerCompiler: () => JSON.stringify,
  schema: {
    tags: ['metrics'],
    summary: 'What a definition would give if it were saved, and what it would cost',
    consumes: ['application/json', 'application/yaml'],
    body: PREVIEW_BODY,
    response: {
      200: openApiOf(PREVIEW_ANSWER),
      202: openApiOf(PREVIEW_ANSWER, { description: 'Not all of it is there: ask the same again' }),
      ...problems([
        'invalid_json',
        'invalid_utf8',
        'empty_body',
        'duplicate_key',
        'invalid_definition',
        'unknown_aggregate',
        'invalid_window',
        'invalid_filter',
        'out_of_range',
        'invalid_view',
        'not_a_dimension',
        'view_too_large',
        'forbidden_metric',
        'body_too_large',
        'unsupported_media_type',
        'too_many_waits',
        'store_unavailable',
        'not_ready',
        'shutting_down',
      ]),
    },
  },
} as const;
