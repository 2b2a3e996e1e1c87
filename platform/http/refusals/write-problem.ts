import { STATUS_CODES } from 'node:http';
import type { Fault } from '#contracts/errors.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import { problemOf, retryAfter } from './problem.ts';

/** A problem as the last answer of a connection, for where there is no reply to send it by; `status` where it is not the code's own. */
export function writeProblem(fault: Fault, status = problemOf(fault).status): string {
  const body = JSON.stringify({ ...problemOf(fault), status });
  const after = retryAfter(fault);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    ...(after === null ? [] : [`Retry-After: ${after}`]),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
