import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS } from '#contracts/errors.ts';
import type { PostAnswer } from '#contracts/event/event.ts';
import { checkScope } from '#platform/access/caller.ts';
import { sendProblem } from '#platform/http/refusals/problem.ts';
import { type AcceptDeps, acceptEvents, type EventsRequest } from '../accept-events.ts';
import type { IngestCounters } from '../counters.ts';
import type { RejectionWriter } from '../rejection-writer.ts';
import { POST_EVENTS_SCHEMA } from './post-events-schema.ts';
import { type PipelineReports, reportRefusals, senderOf } from './report-refusals.ts';

/** `POST /v1/events`. The body reaches the handler as a stream, whatever its content type. */
export function addPostEvents(
  app: FastifyInstance,
  deps: AcceptDeps,
  { rejected, tally }: { rejected: RejectionWriter; tally: IngestCounters },
): void {
  const declared = new WeakMap<FastifyRequest, string>();
  const reports = reportRefusals(app, PATH, { rejected, tally });
  // Fastify refuses a malformed Content-Type before any parser; here the body decides, so it gets one that it takes.
  app.addHook('onRequest', async (request) => {
    declared.set(request, request.headers['content-type'] ?? '');
    request.headers['content-type'] = 'application/octet-stream';
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_, payload, done) => done(null, payload));
  app.post(
    PATH,
    // The schema describes; the pipeline judges.
    {
      config: { access: ['write', 'import'] },
      schema: POST_EVENTS_SCHEMA,
      validatorCompiler: () => () => true,
      serializerCompiler: () => JSON.stringify,
    },
    async (request, reply) => {
      const ofPipeline = reports.ofPipeline(request);
      const asked = { ...toEventsRequest(request, declared.get(request)), ...ofPipeline };
      const outcome = await acceptEvents(asked, deps);
      if (!outcome.ok) {
        tally.answered(ERRORS[ofPipeline.toldOf(outcome.fault).code].status, null);
        return sendProblem(reply, outcome.fault);
      }
      const { import: imported } = request.query as Record<string, unknown>;
      return answer(reply, outcome.value, (status, account) =>
        tally.answered(status, account, imported === 'true'),
      );
    },
  );
}

const PATH = '/v1/events';

function toEventsRequest(
  request: FastifyRequest,
  contentType: string | undefined,
): Omit<EventsRequest, keyof PipelineReports> {
  const length = request.headers['content-length'];
  const { sender } = request;
  return {
    spend: (measure, n) => sender.spend(measure, n),
    forbid: (imported) =>
      request.caller === null
        ? null
        : checkScope(request.caller, imported ? 'import' : 'write', request.headers.origin),
    contentType,
    query: request.query as Record<string, unknown>,
    body: {
      sender: senderOf(request),
      stream: (request.body as Readable | undefined) ?? request.raw,
      encoding: request.headers['content-encoding'],
      length: length === undefined ? null : Number(length),
    },
  };
}

/** 200 with the account of all events; if every one was refused, the same account as a problem. */
function answer(
  reply: FastifyReply,
  account: PostAnswer,
  answered: (status: number, account: PostAnswer) => void,
): FastifyReply {
  const first = account.errors[0];
  if (first === undefined || account.accepted + account.duplicates > 0) {
    answered(200, account);
    return reply.send(account);
  }
  const { code } = first;
  answered(ERRORS[code].status, account);
  const message =
    account.rejected === 1
      ? first.message
      : `All ${account.rejected} events were refused; the first: ${first.message}`;
  return sendProblem(
    reply,
    { code, message, ...(first.field === undefined ? {} : { field: first.field }) },
    { ...account },
  );
}
