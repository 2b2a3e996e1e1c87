import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type Fault, shown } from '#contracts/errors.ts';
import { sendProblem } from '../refusals/problem.ts';
import type { HostNames } from './host-names.ts';
import { isOpenToAllOrigins } from './open-origin.ts';

const READING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses requests that another web site made a browser send: a Host that is not ours (DNS rebinding), or, where
 * something may change, an Origin that is not ours (cross-site requests).
 */
export function checkCaller(server: FastifyInstance, names: HostNames): void {
  server.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    // Load balancers ask for health in HTTP/1.0, which knows no Host; no browser does.
    const isHealth = request.routeOptions.config.unlimited === true && host === undefined;
    const fault = isHealth && request.raw.httpVersion === '1.0' ? null : hostFault(request.raw, names);
    if (fault !== null) return sendProblem(reply, fault);
    const path = request.url.split('?')[0]!;
    if (READING.includes(request.method) || isOpenToAllOrigins(request.method, path)) return;
    if (!names.allowOrigin(origin, host)) {
      return sendProblem(reply, {
        code: 'forbidden_origin',
        field: 'origin',
        message: `Pages of ${shown(origin)} may not change anything here; add it to MILLRACE_HOSTS, with its port, if they may.`,
      });
    }
  });
}

/** Returns what is wrong with the Host of a request; null if nothing is. */
export function hostFault(
  { headers: { host }, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>,
  names: Pick<HostNames, 'allowHost'>,
): Fault | null {
  if (host === undefined)
    return {
      code: 'invalid_host',
      field: 'host',
      message: 'The request names no host; send the Host header.',
    };
  // A proxy in front may have used the other one (RFC 9112, 3.2).
  if (countHosts(rawHeaders) > 1)
    return {
      code: 'invalid_host',
      field: 'host',
      message: 'The request has more than one Host header; send one.',
    };
  if (names.allowHost(host)) return null;
  const message = `This server does not answer to ${shown(host)}; add the name to MILLRACE_HOSTS if it is right.`;
  return { code: 'forbidden_host', field: 'host', message };
}

/** Names and values alternate. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count;
}
