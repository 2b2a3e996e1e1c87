import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { MillraceError } from '#contracts/errors.ts';
import { PROBLEM_SCHEMA } from '#platform/http/refusals/problem.ts';
import type { Demo } from './demo.ts';

const STATE = {
  type: 'object',
  required: ['phase', 'history', 'sent', 'board', 'message', 'removable'],
  properties: {
    phase: { type: 'string', enum: ['off', 'defining', 'history', 'live', 'failed'] },
    history: {
      type: ['boolean', 'null'],
      description: 'Whether the 30 minutes before the start were sent as well.',
    },
    sent: { type: 'integer', description: 'Events acknowledged since the start.' },
    board: { type: 'string', description: 'The board that shows it.' },
    message: { type: 'string' },
    removable: { type: 'boolean', description: 'Whether there is demo data, and no other.' },
  },
} as const;

export interface Removal {
  /** Why the demo's data cannot be removed; null when it can. */
  obstacle(): Promise<string | null>;
  /** Begins to empty the data folder and to restart; the process serves again after some seconds. */
  begin(): void;
}

/** The demo from the outside: its state, the button of the empty page, and its removal. */
export const demoRoutes =
  (demo: Demo, removal: Removal): FastifyPluginAsync =>
  async (server) => {
    const state = async ({ caller }: FastifyRequest) => {
      const removable = (await removal.obstacle()) === null;
      // What went wrong may name metrics.
      const message = caller!.metrics === null ? demo.state.message : '';
      return { ...demo.state, message, removable };
    };
    server.get(
      '/v1/demo',
      {
        config: { access: 'read' },
        schema: { summary: 'State of the demo traffic', response: { 200: STATE } },
      },
      state,
    );
    server.post(
      '/v1/demo',
      {
        config: { access: 'admin' },
        schema: {
          summary: 'Start the demo traffic; no effect if it is already running',
          response: { 202: STATE },
        },
      },
      async (request, reply) => {
        void demo.start();
        return reply.code(202).send(await state(request));
      },
    );
    server.delete(
      '/v1/demo',
      {
        config: { access: 'admin' },
        schema: {
          summary: 'Delete everything, if there is only demo data; the process restarts with an empty folder',
          response: { 202: STATE, 409: PROBLEM_SCHEMA },
        },
      },
      async (_request, reply) => {
        const obstacle = await removal.obstacle();
        if (obstacle !== null) throw new MillraceError({ code: 'demo_not_removable', message: obstacle });
        // Only when the answer is out: the removal closes this server.
        reply.raw.once('close', removal.begin);
        return reply.code(202).send({ ...demo.state, removable: true });
      },
    );
  };
