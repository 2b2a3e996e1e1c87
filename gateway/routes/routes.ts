import type { FastifyPluginAsync } from 'fastify';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import type { LongPolls } from '../long-polls.ts';
import type { ViewDesk } from '../view-desk.ts';
import { BOARD_KIND } from './board-kind.ts';
import { readDefinitionBodies } from './definition-body.ts';
import { addDefinitionRoutes } from './definition-routes.ts';
import { addKeyRoutes } from './key-routes.ts';
import { createMetricKind } from './metric-kind.ts';
import { addSeriesRoute } from './series-route.ts';
import { addBuiltFiles } from './static-routes.ts';

/** Everything of the gateway that is plain HTTP. */
export const createRoutes =
  (settings: GatewaySettings, deps: GatewayDeps, desk: ViewDesk, polls: LongPolls): FastifyPluginAsync =>
  async (server) => {
    readDefinitionBodies(server);
    addDefinitionRoutes(server, createMetricKind(settings.horizon, deps), deps.catalog, settings.definitions);
    addDefinitionRoutes(server, BOARD_KIND, deps.catalog, settings.definitions);
    addKeyRoutes(server, settings, deps);
    addSeriesRoute(server, desk, polls);
    await addBuiltFiles(server, deps);
  };
