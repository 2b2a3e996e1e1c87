import type { FastifyReply } from 'fastify';
import { cutField, ERROR_CODES, ERRORS, type Fault } from '#contracts/errors.ts';
import type { Schema, Static } from '#contracts/schema/schema.ts';
import { cutText } from '#contracts/text/shown.ts';
import type {} from './refusals.ts';

/** Problem details (RFC 9457), with Millrace's code and whether the same request can succeed later. */
export const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'Problem details (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'code', 'retry'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What was found and what is allowed.' },
    code: { type: 'string', enum: ERROR_CODES },
    field: { type: 'string', description: 'The field or parameter that was refused.' },
    retry: { type: 'boolean', description: 'Whether the same request can succeed later.' },
  },
} as const satisfies Schema;

export type Problem = Static<typeof PROBLEM_SCHEMA>;

/** Characters of a detail at most, whatever a fault was made of. */
const MAX_DETAIL = 4_000;

export function problemOf(fault: Fault): Problem {
  const { status, title, retry } = ERRORS[fault.code];
  return {
    type: `urn:millrace:error:${fault.code}`,
    title,
    status,
    detail: cutText(fault.message, MAX_DETAIL),
    code: fault.code,
    ...(fault.field === undefined ? {} : { field: cutField(fault.field) }),
    retry,
  };
}

/** Seconds for Retry-After; null where it says nothing. */
export function retryAfter(fault: Fault): number | null {
  const { status } = ERRORS[fault.code];
  const wait = fault.after ?? (status === 503 || status === 429 ? 1_000 : null);
  return wait === null ? null : Math.max(1, Math.ceil(wait / 1_000));
}

/** `extra`: further members of the problem. */
export function sendProblem(
  reply: FastifyReply,
  fault: Fault,
  extra: Record<string, unknown> = {},
): FastifyReply {
  const problem = problemOf(fault);
  reply.server.refusals?.note(reply.request, fault);
  const after = retryAfter(fault);
  if (after !== null && !reply.hasHeader('retry-after')) reply.header('retry-after', String(after));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="millrace"');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({ ...problem, ...extra });
}
