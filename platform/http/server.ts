import swagger from '@fastify/swagger';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Keyring } from '#platform/access/keyring.ts';
import type { Budgets } from '#platform/limits/budgets.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import { checkCaller } from './callers/check-caller.ts';
import { checkKey } from './callers/check-key.ts';
import { createHostNames } from './callers/host-names.ts';
import { limitCallers } from './callers/limit-callers.ts';
import { openEventsToAllOrigins } from './callers/open-origin.ts';
import { answerEarly } from './connections/answer-early.ts';
import { answerEveryRequest, createClientErrorHandler } from './connections/client-error.ts';
import { Connections } from './connections/connections.ts';
import { drainOnClose } from './connections/drain.ts';
import { fitConnections } from './connections/fit-connections.ts';
import { isSocketUpgrade } from './connections/is-socket-upgrade.ts';
import { createLastAnswer, limitUnanswered } from './connections/limit-unanswered.ts';
import { serveInTurns } from './connections/serve-in-turns.ts';
import { addOperationRoutes, type OperationDeps } from './operation-routes.ts';
import { handleErrors, handleFrameworkError } from './refusals/error-handler.ts';
import { watchRefusals } from './refusals/refusals.ts';
import { addSecurityHeaders } from './security-headers.ts';

export type ServerSettings = Pick<Settings['http'], 'host' | 'hosts' | 'drain' | 'proxies'> &
  Pick<Settings, 'limits'>;

export interface ServerDeps extends OperationDeps {
  logger: Logger;
  /** Identifies callers by their keys. */
  keyring: Keyring;
  /** Reports the bounds that are kept here; none by default. */
  budgets?: Pick<Budgets, 'watch'>;
  /** ms of a clock that does not go back, for limits; the process's own by default. */
  now?: () => number;
}

/** ms between two checks for connections that are too slow. */
const LOOK = 1_000;

/**
 * A Fastify instance with all that Millrace's HTTP surfaces share: problem details for every error, Host, Origin and
 * key checks, limits of callers and connections, security headers, `/live`, `/ready`, `/metrics`, `/openapi.json`, a drain on `close()`. Routes come as
 * plugins (`server.register(routes)`), so that /openapi.json sees them; none may set a not-found handler.
 */
export function createServer(settings: ServerSettings, deps: ServerDeps): FastifyInstance {
  const { logger, metrics, now = () => performance.now() } = deps;
  const { limits } = settings;
  const connections = new Connections(limits, { metrics, now });
  const server: FastifyInstance = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // `drain.ts` answers during a stop, with a problem like every other error.
    return503OnClosing: false,
    // `__proto__` is a property like any other, so conditions may name it; nothing merges a body into an object.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    requestTimeout: limits.requestTime,
    keepAliveTimeout: limits.keepAlive,
    http: {
      headersTimeout: Math.min(limits.headerTime, limits.requestTime),
      connectionsCheckingInterval: LOOK,
      maxHeaderSize: limits.headerBytes,
      // `check-caller.ts` says what is wrong with a Host header, or with none.
      requireHostHeader: false,
      shouldUpgradeCallback: (request) =>
        isSocketUpgrade(request) && server.server.listenerCount('upgrade') > 0,
      ServerResponse: connections.Response,
    },
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: handleFrameworkError,
    clientErrorHandler: createClientErrorHandler(
      (socket) => connections.exchangesOf(socket),
      (fault, request) => server.refusals?.noteBytes(fault, request),
    ),
  });
  connections.watch(server.server);
  answerEveryRequest(server.server);
  watchRefusals(server, { metrics, logger, now });
  addSecurityHeaders(server);
  openEventsToAllOrigins(server);
  const total = fitConnections(limits.tcpConnections, logger);
  if (deps.budgets !== undefined) connections.reportTo(deps.budgets, total);
  const endWithAnswer = createLastAnswer(server);
  const callers = limitCallers(server, { ...settings, total }, { metrics, now, connections, endWithAnswer });
  limitUnanswered(server, limits, { connections, metrics, endWithAnswer });
  serveInTurns(server);
  drainOnClose(server, connections, settings.drain);
  answerEarly(server, callers.maySend);
  checkCaller(server, createHostNames(settings));
  callers.beforeKey();
  checkKey(server, deps.keyring);
  callers.behindKey();
  handleErrors(server);
  addOpenApi(server);
  server.register(addOperationRoutes, deps);
  return server;
}

/** Collects the routes' schemas; `/openapi.json` serves what it found. */
function addOpenApi(server: FastifyInstance): void {
  server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Millrace', description: 'Events in, live metrics out.', version: '1' },
    },
  });
}
