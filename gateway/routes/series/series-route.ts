import type { FastifyInstance } from 'fastify';
import { MillraceError } from '#contracts/errors.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { SERIES_ANSWER } from '#contracts/view/series-result.ts';
import { mayRead, metricRefusal } from '#platform/access/caller.ts';
import { clientAddress } from '#platform/http/callers/client-address.ts';
import { addressName } from '#platform/limits/address-name.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { writeJson } from '#platform/process/tasks/write-json.ts';
import type { GatewaySettings } from '../../deps.ts';
import { KEYLESS } from '../../sessions/connections-per-key.ts';
import type { LongPolls } from '../../views/long-polls.ts';
import { checkTable } from '../../views/view-limits.ts';
import type { ViewService } from '../../views/view-service.ts';
import { answerSeries } from './series-answer.ts';
import { readSeriesQuery, SERIES_QUERY, type SeriesQuery } from './series-query.ts';

/** Adds the route that serves the same views as sockets do, once or by long-polling. */
export function addSeriesRoute(
  server: FastifyInstance,
  { proxies, viewCells }: Pick<GatewaySettings, 'proxies' | 'viewCells'>,
  { viewService, polls }: { viewService: ViewService; polls: LongPolls },
): void {
  server.get<{ Params: { id: string }; Querystring: SeriesQuery }>(
    '/v1/metrics/:id/series',
    OPTIONS,
    async (request, reply) => {
      const asked = readSeriesQuery(request.params.id, request.query);
      const caller = request.caller!;
      if (!mayRead(caller, request.params.id)) throw new MillraceError(metricRefusal(request.params.id));
      if (!asked.ok) throw new MillraceError(asked.fault);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const address = addressName(clientAddress(request.raw, proxies));
      const owner = caller.id === KEYLESS ? { address } : { address, key: caller.id };
      const opened = await polls.read({ ...asked.value, caller, owner }, gone.signal);
      if (!opened.ok) throw new MillraceError(opened.fault);
      viewService.release(opened.value.live, owner, true);
      const fault = checkTable(opened.value.live, viewCells);
      if (fault !== null) throw new MillraceError(fault);
      reply.header('cache-control', 'no-store');
      const answer = await runInTurns(answerSeries(opened.value));
      reply.type('application/json; charset=utf-8');
      return await runInTurns(writeJson(answer));
    },
  );
}

const OPTIONS = {
  config: { access: 'read' },
  validatorCompiler: () => () => true,
  schema: {
    tags: ['metrics'],
    summary: 'Series of a metric over a range; with `since` and `wait`, only what changed',
    params: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    querystring: openApiOf(SERIES_QUERY),
    response: { 200: openApiOf(SERIES_ANSWER) },
  },
} as const;
