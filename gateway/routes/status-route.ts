import type { FastifyInstance } from 'fastify';
import type { SystemTail } from '../status/system-tail.ts';

/** Adds the route that shows what every process reports of itself: figures, budgets and warnings, but no name of a metric or an event. */
export function addStatusRoute(server: FastifyInstance, system: Pick<SystemTail, 'records'>): void {
  server.get('/v1/status', OPTIONS, async (_, reply) => {
    reply.header('cache-control', 'no-store');
    return { processes: await system.records() };
  });
}

const number = { type: 'number' };
const text = { type: 'string' };
const record = (properties: object) => ({ type: 'object', properties, additionalProperties: true });

const OPTIONS = {
  config: { access: 'read' },
  schema: {
    tags: ['operation'],
    summary: 'Status of all processes: metrics, budgets and warnings',
    response: {
      200: record({
        processes: {
          type: 'array',
          items: record({
            process: text,
            part: text,
            time: { ...number, description: 'Time of the report, epoch ms' },
            totals: record({}),
            gauges: record({}),
            budgets: {
              type: 'array',
              description: 'What the process holds on behalf of callers, and the limit of each',
              items: record({
                name: text,
                unit: text,
                setting: text,
                most: number,
                used: number,
                refused: number,
              }),
            },
            warnings: {
              type: 'array',
              items: record({ code: text, message: text, since: { ...number, description: 'Epoch ms' } }),
            },
          }),
        },
      }),
    },
  },
} as const;
