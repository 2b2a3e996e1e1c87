import type { FastifyReply } from 'fastify';
import { ERRORS, type ErrorCode, type Fault } from '#contracts/errors.ts';

/** Problem details (RFC 9457), with Millrace's code and whether the same request can succeed later. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  field?: string;
  retry: boolean;
}

export function problemOf(fault: Fault): Problem {
  const { status, title, retry } = ERRORS[fault.code];
  return {
    type: `urn:millrace:error:${fault.code}`,
    title,
    status,
    detail: fault.message,
    code: fault.code,
    ...(fault.field === undefined ? {} : { field: fault.field }),
    retry,
  };
}

/** `extra`: further members of the problem. */
export function sendProblem(
  reply: FastifyReply,
  fault: Fault,
  extra: Record<string, unknown> = {},
): FastifyReply {
  const problem = problemOf(fault);
  const wait = fault.after ?? (problem.status === 503 || problem.status === 429 ? 1_000 : null);
  if (wait !== null && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', String(Math.max(1, Math.ceil(wait / 1_000))));
  }
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="millrace"');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({ ...problem, ...extra });
}

/** The same for /openapi.json. */
export const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'Problem details (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'code', 'retry'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What was found and what is allowed.' },
    code: { type: 'string', enum: Object.keys(ERRORS) },
    field: { type: 'string', description: 'What the fault is about.' },
    retry: { type: 'boolean', description: 'Whether the same request can succeed later.' },
  },
} as const;
