import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Warning } from '#contracts/log/system-record.ts';
import { mayRead } from '#platform/access/caller.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import { PROBLEM_SCHEMA, sendProblem } from './refusals/problem.ts';

export interface OperationDeps {
  metrics: Metrics;
  /** What is missing before the process can serve, in words for an operator; null when nothing is. */
  ready: () => string | null;
  /** The answer of `/ready` contains their codes. */
  warnings?: { list(): Warning[] };
}

const STATUS = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };
const READY = {
  ...STATUS,
  properties: {
    ...STATUS.properties,
    warnings: {
      type: 'array',
      items: { type: 'string' },
      description: 'Codes of current warnings; absent if there are none. GET /v1/status has the details.',
    },
  },
};

/** Routes for operators and their tools: liveness, readiness, metrics, and the description of the API. */
export const addOperationRoutes: FastifyPluginAsync<OperationDeps> = async (
  server: FastifyInstance,
  deps,
) => {
  let description: string | null = null;
  server.get(
    '/live',
    {
      config: { access: 'public', unlimited: true },
      schema: { summary: 'Liveness: the process is running', response: { 200: STATUS } },
    },
    async () => ({ status: 'live' }),
  );
  server.get(
    '/ready',
    {
      config: { access: 'public', unlimited: true },
      schema: {
        summary: 'Readiness: the process can serve; a 503 says what is missing',
        response: { 200: READY, 503: PROBLEM_SCHEMA },
      },
    },
    async (_, reply) => {
      const missing = deps.ready();
      if (missing === null) return { status: 'ready', ...warningCodes(deps) };
      return sendProblem(reply, { code: 'not_ready', message: missing });
    },
  );
  server.get(
    '/metrics',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Metrics in the Prometheus text format',
        produces: ['text/plain'],
        response: { 200: { type: 'string' } },
      },
    },
    async ({ caller }, reply) => {
      const { contentType, text } = await deps.metrics.expose((metric) => mayRead(caller!, metric));
      return reply.type(contentType).send(text);
    },
  );
  server.get(
    '/openapi.json',
    {
      config: { access: 'public' },
      schema: {
        summary: 'This API as OpenAPI 3.1',
        response: { 200: { type: 'object', additionalProperties: true } },
      },
    },
    async (_, reply) => {
      // The route is public, and serialising takes milliseconds; it never changes once the process listens.
      description ??= JSON.stringify(server.swagger());
      return reply.type('application/json; charset=utf-8').send(description);
    },
  );
};

/** `/ready` is for everybody: codes and no words. */
function warningCodes({ warnings }: OperationDeps): { warnings?: string[] } {
  const codes = warnings?.list().map(({ code }) => code) ?? [];
  return codes.length === 0 ? {} : { warnings: codes };
}
