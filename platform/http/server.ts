import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Keyring } from '#platform/access/keyring.ts';
import type { Logger } from '#platform/process/logger.ts';
import type { Settings } from '#platform/process/settings.ts';
import { answerEarly } from './answer-early.ts';
import { createGarbageAnswer } from './answer-garbage.ts';
import { checkCaller } from './check-caller.ts';
import { checkKey } from './check-key.ts';
import { drainOnClose } from './drain.ts';
import { answerErrors, answerFrameworkError } from './errors.ts';
import { openEventsToAllOrigins } from './open-origin.ts';
import { addOpenApi } from './openapi.ts';
import { addOperationRoutes, type OperationDeps } from './operation-routes.ts';
import { addSecurityHeaders } from './security-headers.ts';

export type ServerSettings = Pick<Settings['http'], 'host' | 'hosts' | 'drain'>;

export interface ServerDeps extends OperationDeps {
  logger: Logger;
  /** Who may call what. */
  keyring: Keyring;
}

/**
 * A Fastify instance with all that Millrace's HTTP surfaces share: problem details for every error, Host, Origin and
 * key checks, security headers, `/live`, `/ready`, `/metrics`, `/openapi.json`, a drain on `close()`. Routes come as
 * plugins (`server.register(routes)`), so that /openapi.json sees them; none may set a not-found handler.
 */
export function createServer(settings: ServerSettings, deps: ServerDeps): FastifyInstance {
  const garbage = createGarbageAnswer();
  const server = fastify({
    loggerInstance: deps.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // `drain.ts` answers during a stop, with a problem like every other error.
    return503OnClosing: false,
    // `__proto__` is a property like any other, so conditions may name it; nothing merges a body into an object.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    requestTimeout: 120_000,
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: garbage.answer,
  });
  garbage.watch(server.server);
  drainOnClose(server, settings.drain);
  answerEarly(server);
  addSecurityHeaders(server);
  checkCaller(server, settings);
  checkKey(server, deps.keyring);
  answerErrors(server);
  openEventsToAllOrigins(server);
  addOpenApi(server);
  server.register(addOperationRoutes, deps);
  return server;
}
