import type { FastifyPluginAsync } from 'fastify';
import type { Demo } from './demo.ts';

const STATE = {
  type: 'object',
  required: ['phase', 'history', 'sent', 'board', 'message'],
  properties: {
    phase: { type: 'string', enum: ['off', 'defining', 'history', 'live', 'failed'] },
    history: {
      type: ['boolean', 'null'],
      description: 'Whether the 15 minutes before the start were sent too.',
    },
    sent: { type: 'integer', description: 'Events acknowledged since the start.' },
    board: { type: 'string', description: 'The board that shows it.' },
    message: { type: 'string' },
  },
} as const;

/** The demo from the outside: its state, and the button of the empty page. */
export const demoRoutes =
  (demo: Demo): FastifyPluginAsync =>
  async (server) => {
    server.get(
      '/v1/demo',
      { schema: { summary: 'State of the demo traffic', response: { 200: STATE } } },
      async () => demo.state,
    );
    server.post(
      '/v1/demo',
      { schema: { summary: 'Start the demo traffic; once started it stays so', response: { 202: STATE } } },
      async (_request, reply) => {
        demo.start();
        return reply.code(202).send(demo.state);
      },
    );
  };
