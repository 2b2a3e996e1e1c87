import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, type Fault } from '#contracts/errors.ts';
import { prefersHtml } from '../prefers-html.ts';
import { sendProblem } from './problem.ts';

/** What a person sees in a browser at an address where there is nothing. */
export interface MissingPage {
  /** Its HTML; null where a process has no pages. */
  read: (() => Promise<string>) | null;
}

declare module 'fastify' {
  interface FastifyInstance {
    missingPage?: MissingPage;
  }
}

/** A plugin that serves pages sets `server.missingPage`; until then every answer is a problem. */
export function offerMissingPage(server: FastifyInstance): void {
  server.decorate('missingPage', { read: null } satisfies MissingPage);
}

/** Addresses that programs ask, whatever they accept. */
const API = /^\/(v1|socket\.io)(\/|$)/;

/** Answers that nothing is at the address: with a page for a browser, otherwise with a problem; both with the fault's status. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply, fault: Fault): FastifyReply {
  const read = reply.server.missingPage?.read ?? null;
  const asks = request.method === 'GET' || request.method === 'HEAD';
  if (read === null || !asks || API.test(request.url.split('?')[0]!)) return sendProblem(reply, fault);
  reply.header('vary', 'accept');
  if (!prefersHtml(request.headers.accept)) return sendProblem(reply, fault);
  reply.server.refusals?.note(request, fault);
  read().then(
    (page) =>
      reply
        .code(ERRORS[fault.code].status)
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(page),
    (error: Error) => reply.send(error),
  );
  return reply;
}
