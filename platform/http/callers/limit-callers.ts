import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Fault } from '#contracts/errors.ts';
import { addressName } from '#platform/limits/address-name.ts';
import { createAddressWatch } from '#platform/limits/address-watch.ts';
import { createCallerLimits } from '#platform/limits/caller-limits.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import type { Connections } from '../connections/connections.ts';
import { guardConnections } from '../connections/guard-connections.ts';
import type { EndWithAnswer } from '../connections/limit-unanswered.ts';
import { sendProblem } from '../refusals/problem.ts';
import { clientAddress } from './client-address.ts';
import { createSender, type Sender } from './request-sender.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Exempt from the limits, since monitoring calls it. */
    unlimited?: true;
  }
}

export interface CallerLimitSettings {
  proxies: number;
  limits: Settings['limits'];
  /** TCP connections of all addresses. */
  total: number;
}

export interface LimitDeps {
  metrics: Metrics;
  now: () => number;
  connections: Connections;
  endWithAnswer: EndWithAnswer;
}

export interface LimitHooks {
  /** To be called before and after the check of keys is added: the hooks run in the order of these calls. */
  beforeKey(): void;
  behindKey(): void;
  /** Whether a request's sender may go on sending a body that is discarded. */
  maySend(request: FastifyRequest): boolean;
}

/** Callers without a key are limited by address only; requests of the process itself are not limited. */
const UNCOUNTED: readonly string[] = ['anyone', 'self'];

/**
 * Limits requests, events and bytes a second by address and by key. An address is counted before anything is checked, and
 * refused after Host and Origin, so that a page of another site can read it, and before the key, so that keys cannot be
 * tried faster; a key is counted after its check; all before the body. An address that keeps sending at twice its limit is
 * cut off: its connection ends, and new ones are not read, so that it costs less than callers that are served.
 */
export function limitCallers(
  server: FastifyInstance,
  { proxies, limits, total }: CallerLimitSettings,
  { metrics, now, connections, endWithAnswer }: LimitDeps,
): LimitHooks {
  const addresses = createAddressWatch(ratesOf(limits, 'address'));
  const keys = createCallerLimits('key', ratesOf(limits, 'key'));
  const faults = new WeakMap<FastifyRequest, Fault>();
  const count = (limit: string): void => metrics.add('millrace_http_limited_total', 1, { limit });
  const countBytes = createBytesReadCounter(({ sender }, n) => sender.spend('bytes', n));
  const hasSender = ({ sender }: { sender: Sender | undefined }): boolean => sender !== undefined;

  // Behind proxies a connection is a proxy's, and carries many clients.
  const isClient = proxies === 0;
  guardConnections(server.server, connections, {
    total,
    perAddress: isClient ? limits.tcpPerAddress : null,
    isCutOff: (name) => isClient && addresses.isCutOff(name, now()),
    refused(name, why) {
      count(why);
      if (why === 'tcp') addresses.refused(name, now());
    },
  });
  server.decorateRequest('sender');
  server.addHook('onRequest', async (request, reply) => {
    const address = addressName(clientAddress(request.raw, proxies));
    request.sender = createSender(address, { addresses, keys, now });
    if (request.routeOptions.config.unlimited) return;
    countBytes(request);
    const fault = addresses.accept(address, now());
    if (fault === null) return;
    count(`address_${fault.field}`);
    addresses.refused(address, now());
    if (!addresses.isCutOff(address, now())) {
      faults.set(request, fault);
      return;
    }
    if (isClient) endWithAnswer(request, reply);
    return sendProblem(reply, fault);
  });
  server.addHook('onResponse', async (request) => {
    if (hasSender(request)) countBytes(request);
  });
  return {
    beforeKey: () =>
      void server.addHook('preParsing', async (request, reply) => {
        const fault = faults.get(request);
        if (fault !== undefined) return sendProblem(reply, fault);
      }),
    behindKey: () =>
      void server.addHook('preParsing', async ({ caller, sender }, reply) => {
        if (caller === null || UNCOUNTED.includes(caller.id)) return;
        sender.key = caller.id;
        const fault = keys.accept(caller.id, now());
        if (fault === null) return;
        count(`key_${fault.field}`);
        return sendProblem(reply, fault);
      }),
    maySend(request) {
      if (!hasSender(request)) return false;
      countBytes(request);
      const { address } = request.sender;
      return !addresses.isInDebt(address, now()) && !addresses.isCutOff(address, now());
    },
  };
}

const ratesOf = (limits: Settings['limits'], who: 'key' | 'address') => ({
  requests: limits[`${who}Requests`],
  events: limits[`${who}Events`],
  bytes: limits[`${who}Bytes`],
});

/**
 * Returns a function that spends the bytes read on a request's connection since its last call: heads, bodies of any
 * encoding, and what of them was discarded.
 */
function createBytesReadCounter(
  spend: (request: FastifyRequest, n: number) => void,
): (request: FastifyRequest) => void {
  const told = new WeakMap<Socket, number>();
  return (request) => {
    const { socket } = request.raw;
    const total = socket.bytesRead;
    // Requests that are injected have no connection.
    if (total === undefined) return;
    const fresh = total - (told.get(socket) ?? 0);
    if (fresh <= 0) return;
    told.set(socket, total);
    spend(request, fresh);
  };
}
