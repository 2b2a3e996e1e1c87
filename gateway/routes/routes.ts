import type { FastifyPluginAsync } from 'fastify';
import type { ZoneOf } from '#platform/time/zone-table.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import type { Previews } from '../previews/previews.ts';
import type { BackfillStatus } from '../status/backfill-status.ts';
import type { KeyUses } from '../status/key-uses.ts';
import type { SystemTail } from '../status/system-tail.ts';
import type { LongPolls } from '../views/long-polls.ts';
import type { ViewService } from '../views/view-service.ts';
import { BOARD_KIND } from './definitions/board-kind.ts';
import { readDefinitionBodies } from './definitions/definition-body.ts';
import { createDefinitionCapacity } from './definitions/definition-capacity.ts';
import { addDefinitionRoutes } from './definitions/definition-routes.ts';
import { createMetricKind } from './definitions/metric-kind.ts';
import { createArchiveReads } from './events/archive-reads.ts';
import { addEraseRoute } from './events/erase-route.ts';
import { addEventsRoute } from './events/events-route.ts';
import { addExplainRoutes } from './explain/explain-route.ts';
import { addGroupsRoute } from './groups/groups-route.ts';
import { addKeyRoutes } from './keys/key-routes.ts';
import { addPreviewRoute } from './preview/preview-route.ts';
import { addRebuildRoutes } from './rebuild/rebuild-routes.ts';
import { addRejectedRoute } from './rejected/rejected-route.ts';
import { addSchemaRoute } from './schema/schema-route.ts';
import { addSeriesRoute } from './series/series-route.ts';
import { addBuiltFiles } from './static-routes.ts';
import { addStatusRoute } from './status-route.ts';
import { addVerdictRoutes } from './verdict/verdict-route.ts';

/** What routes use of the gateway. */
interface RouteParts {
  viewService: ViewService;
  polls: LongPolls;
  system: SystemTail;
  keyUses: KeyUses;
  backfills: BackfillStatus;
  previews: Previews;
  zoneOf: ZoneOf;
}

/** All HTTP routes of the gateway. */
export const createRoutes =
  (settings: GatewaySettings, deps: GatewayDeps, parts: RouteParts): FastifyPluginAsync =>
  async (server) => {
    const { catalog } = deps;
    const bounds = {
      capacity: createDefinitionCapacity(settings, catalog.catalog, deps.budgets),
      most: settings.definitionBytes,
    };
    const metrics = createMetricKind(settings.horizon, parts.backfills, catalog.catalog.metrics);
    readDefinitionBodies(server, settings.definitionBytes);
    addDefinitionRoutes(server, metrics, catalog, bounds);
    addDefinitionRoutes(server, BOARD_KIND, catalog, bounds);
    addRebuildRoutes(server, deps, parts.system);
    addKeyRoutes(server, settings, { ...deps, uses: parts.keyUses });
    addSeriesRoute(server, settings, parts);
    addGroupsRoute(server, settings, deps);
    const reads = createArchiveReads();
    addEventsRoute(server, deps, reads);
    addExplainRoutes(server, deps, reads);
    await addVerdictRoutes(server, settings, deps, reads);
    addSchemaRoute(server, settings, { ...parts, store: deps.store });
    addPreviewRoute(server, settings, { ...parts, catalog });
    addEraseRoute(server, deps);
    addStatusRoute(server, parts.system);
    addRejectedRoute(server, deps);
    await addBuiltFiles(server, deps);
  };
