import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { shown } from '#contracts/errors.ts';
import type { Settings } from '#platform/process/settings.ts';
import { isOpenToAllOrigins } from './open-origin.ts';
import { sendProblem } from './problem.ts';

type Names = Pick<Settings['http'], 'host' | 'hosts'>;

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
const ANY_ADDRESS = ['0.0.0.0', '::'];
const READING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses requests that another web site made a browser send: a Host that is not ours (DNS rebinding), or, where
 * something may change, an Origin that is not ours (cross-site requests).
 */
export function checkCaller(server: FastifyInstance, settings: Names): void {
  server.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    if (!isAllowedHost(host, settings)) {
      return sendProblem(reply, {
        code: 'forbidden_host',
        field: 'host',
        message: `This server does not answer to ${shown(host ?? '')}; add the name to MILLRACE_HOSTS if it is right.`,
      });
    }
    const path = request.url.split('?')[0]!;
    if (READING.includes(request.method) || isOpenToAllOrigins(request.method, path)) return;
    if (!isAllowedOrigin(origin, host, settings)) {
      return sendProblem(reply, {
        code: 'forbidden_origin',
        field: 'origin',
        message: `Pages of ${shown(origin)} may not change anything here; add its name to MILLRACE_HOSTS if they may.`,
      });
    }
  });
}

/**
 * Whether a Host header (with or without port) names this server. One that listens on all addresses answers to each of
 * them, which it cannot list: a name that somebody made point here is never an address itself.
 */
export function isAllowedHost(host: string | undefined, settings: Names): boolean {
  const name = hostName(host);
  if (name === null) return false;
  if (ANY_ADDRESS.includes(settings.host) && isIP(name) !== 0) return true;
  return allowedNames(settings).includes(name);
}

/**
 * Whether a page of this origin may change things or open a socket: pages of this very server, of the names in
 * MILLRACE_HOSTS, and callers that are no browser (no Origin). Used for HTTP and for the sockets' handshake.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  settings: Names,
): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  return (
    page.host !== '' && (page.host === host?.toLowerCase() || listed(settings).includes(bare(page.hostname)))
  );
}

/** The same rules as functions of what a request says, for whoever takes handshakes past the server's own hooks. */
export const allowedCallers = (settings: Names): AllowedCallers => ({
  allowHost: (host) => isAllowedHost(host, settings),
  allowOrigin: (origin, host) => isAllowedOrigin(origin, host, settings),
});

export interface AllowedCallers {
  allowHost: (host: string | undefined) => boolean;
  allowOrigin: (origin: string | undefined, host: string | undefined) => boolean;
}

const listed = (settings: Names): string[] =>
  settings.hosts
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');

const allowedNames = (settings: Names): string[] => [
  ...LOOPBACK,
  ...listed(settings),
  ...(ANY_ADDRESS.includes(settings.host) ? [] : [settings.host.toLowerCase()]),
];

/** Null for what no URL could hold. */
function hostName(host: string | undefined): string | null {
  if (host === undefined || /[/@\\?#\s]/.test(host) || !URL.canParse(`http://${host}`)) return null;
  return bare(new URL(`http://${host}`).hostname);
}

const bare = (name: string): string => name.replace(/^\[|\]$/g, '');
