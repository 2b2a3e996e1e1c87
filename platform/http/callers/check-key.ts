import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Scope } from '#contracts/key.ts';
import { type Caller, checkScope } from '#platform/access/caller.ts';
import type { Keyring } from '#platform/access/keyring.ts';
import { holdsKey, readBearer } from '#platform/access/read-bearer.ts';
import { sendProblem } from '../refusals/problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a caller needs, or those of which it needs one; `public`: none. Every route declares it. */
    access?: Scope | readonly Scope[] | 'public';
  }
  interface FastifyRequest {
    /** The caller; null at a public route, which does not identify callers. */
    caller: Caller | null;
    /** Id of the known key that was presented, also where it does not allow the request; null without one. */
    keyId: string | null;
  }
}

/**
 * Admits callers whose key the route accepts. Runs after the hooks of `onRequest`, so that a page of another site can
 * read the refusal where it may call at all, and before anything of a body is read.
 */
export function checkKey(server: FastifyInstance, keyring: Keyring): void {
  server.decorateRequest('caller', null);
  server.decorateRequest('keyId', null);
  const routes: RouteOptions[] = [];
  server.addHook('onRoute', (route) => void routes.push(route));
  server.addHook('onReady', async () => {
    const open = routes.find(({ config, method }) => config?.access === undefined && method !== 'OPTIONS');
    if (open !== undefined) throw new Error(`${open.method} ${open.url} does not say who may call it.`);
  });
  server.addHook('onRequest', async (request, reply) => {
    if (!holdsKey(request.url)) return;
    const message =
      'The address holds a key, which others on the way can read. Revoke that key, and send keys as a header.';
    return sendProblem(reply, { code: 'key_in_url', message });
  });
  server.addHook('preParsing', async (request, reply) => authenticate(request, reply, keyring));
}

async function authenticate(
  request: FastifyRequest,
  reply: FastifyReply,
  keyring: Keyring,
): Promise<unknown> {
  const { access } = request.routeOptions.config;
  if (access === undefined || access === 'public') return;
  const presented = readBearer(request.headers.authorization);
  const caller = presented.ok ? keyring.identify(presented.value) : presented;
  if (!caller.ok) return sendProblem(reply, caller.fault);
  if (caller.value.id !== 'anyone') request.keyId = caller.value.id;
  const fault = checkScope(caller.value, access, request.headers.origin);
  if (fault !== null) return sendProblem(reply, fault);
  request.caller = caller.value;
}
