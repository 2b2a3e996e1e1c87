import type { FastifyPluginAsync } from 'fastify';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import type { LongPolls } from '../long-polls.ts';
import type { SystemFeed } from '../system-feed.ts';
import type { ViewDesk } from '../view-desk.ts';
import { BOARD_KIND } from './board-kind.ts';
import { readDefinitionBodies } from './definition-body.ts';
import { createDefinitionRoom } from './definition-room.ts';
import { addDefinitionRoutes } from './definition-routes.ts';
import { createFillStates } from './fill-states.ts';
import { addKeyRoutes } from './key-routes.ts';
import { createMetricKind } from './metric-kind.ts';
import { addSeriesRoute } from './series-route.ts';
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
