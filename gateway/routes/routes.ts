import type { FastifyPluginAsync } from 'fastify';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import type { SystemFeed } from '../status/system-tail.ts';
import type { LongPolls } from '../views/long-polls.ts';
import type { ViewDesk } from '../views/view-service.ts';
import { BOARD_KIND } from './definitions/board-kind.ts';
import { readDefinitionBodies } from './definitions/definition-body.ts';
import { createDefinitionRoom } from './definitions/definition-room.ts';
import { addDefinitionRoutes } from './definitions/definition-routes.ts';
import { createFillStates } from './definitions/fill-states.ts';
import { createMetricKind } from './definitions/metric-kind.ts';
import { addKeyRoutes } from './keys/key-routes.ts';
import { addSeriesRoute } from './series/series-route.ts';
import { addBuiltFiles } from './static-routes.ts';
import { addStatusRoute } from './status-route.ts';

/** Everything of the gateway that is plain HTTP. */
export const createRoutes =
  (
    settings: GatewaySettings,
    deps: GatewayDeps,
    parts: { desk: ViewDesk; polls: LongPolls; system: SystemFeed },
  ): FastifyPluginAsync =>
  async (server) => {
    const { catalog } = deps;
    const bounds = {
      room: createDefinitionRoom(settings, catalog.catalog, deps.budgets),
      most: settings.definitionBytes,
    };
    const metrics = createMetricKind(settings.horizon, createFillStates(deps, parts.system));
    readDefinitionBodies(server, settings.definitionBytes);
    addDefinitionRoutes(server, metrics, catalog, bounds);
    addDefinitionRoutes(server, BOARD_KIND, catalog, bounds);
    addKeyRoutes(server, settings, deps);
    addSeriesRoute(server, settings, parts);
    addStatusRoute(server, parts.system);
    await addBuiltFiles(server, deps);
  };
