import type { Server } from 'node:http';
import type { FastifyPluginAsync } from 'fastify';
import type { SystemRecord } from '#contracts/log/system-record.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import { createZoneTable } from '#platform/time/zone-table.ts';
import type { GatewayDeps, GatewaySettings } from './deps.ts';
import { createLivePreviews } from './previews/live-previews.ts';
import { createPreviews } from './previews/previews.ts';
import { createRoutes } from './routes/routes.ts';
import { startHeartbeat } from './sessions/heartbeat.ts';
import { createSessions } from './sessions/sessions.ts';
import { createBackfillStatus } from './status/backfill-status.ts';
import { createKeyUses } from './status/key-uses.ts';
import { createSystemTail } from './status/system-tail.ts';
import { createLongPolls } from './views/long-polls.ts';
import { createMetricFollower } from './views/metric-follower.ts';
import { createUpdateTail } from './views/update-tail.ts';
import { createViewAccounts } from './views/view-accounts.ts';
import { openViewBytes, openWaits, watchHot } from './views/view-budgets.ts';
import { createViewService } from './views/view-service.ts';
import { createWaitList } from './views/wait-list.ts';

export interface Gateway {
  routes: FastifyPluginAsync;
  /** Sockets on a server; it may be listening already. */
  attach(server: Server): void;
  /** Returns what is missing before it serves as promised; null when nothing is. */
  ready(): string | null;
  /** Disconnects clients, spread over time, and stops everything that runs. Idempotent. */
  drain(): Promise<void>;
  /** For the process's record in the `system` topic. */
  totals(): Pick<SystemRecord, 'totals' | 'gauges'>;
}

/** A definition was checked when it was put: a horizon that has become smaller since then ends no view of it. */
const STORED = { horizon: Number.POSITIVE_INFINITY };

/** Builds the gateway: it reads updates and history, and sends frames. */
export function buildGateway(settings: GatewaySettings, deps: GatewayDeps): Gateway {
  const { catalog, logger, metrics } = deps;
  const zoneOf = createZoneTable();
  const waits = openWaits(settings, deps);
  const accounts = createViewAccounts(openViewBytes(settings, deps));
  const keyUses = createKeyUses(deps);
  const system = createSystemTail(deps, keyUses);
  const updateTail = createUpdateTail({ ...deps, system }, settings, {
    changed(changes) {
      backfills.changed();
      viewService.changed(changes);
      polls.changed(changes);
      follower.changed(changes);
      sessions.changed();
    },
    ended: (views) => {
      viewService.ended(views);
      sessions.ended(views);
    },
  });
  watchHot(settings, deps, () => updateTail.hub);
  const waitList = createWaitList();
  const backfills = createBackfillStatus({ ...deps, system, hub: () => updateTail.hub });
  const folding = { ...deps, updateTail, bounds: settings, turns: createOneAtATime() };
  const previews = createPreviews(folding);
  const { horizon } = settings;
  const livePreviews = createLivePreviews({ ...folding, rules: { horizon, zoneOf } });
  const viewService = createViewService(
    updateTail,
    { ...settings, ...STORED },
    {
      ...{ ...deps, zoneOf, accounts, waits: waits.answers, waitList, refreshed: backfills.refreshed },
      openPreview: livePreviews.open,
    },
  );
  const polls = createLongPolls(viewService, { ...deps, updateTail, waits: waits.polls });
  const sessions = createSessions(settings, deps, updateTail, viewService);
  const follower = createMetricFollower(updateTail, viewService, STORED, { ...deps, zoneOf }, (from, to) =>
    sessions.moved(from, to),
  );
  const gauges = () => ({
    viewers: sessions.count,
    views: updateTail.hub?.count ?? 0,
    cells: updateTail.hub?.size() ?? 0,
  });

  const heartbeat = async (): Promise<void> => {
    viewService.sweep();
    for (const [name, value] of Object.entries(gauges())) {
      metrics.set(`millrace_gateway_${name as keyof ReturnType<typeof gauges>}`, value);
    }
    // What is not saved is not filled in.
    const saved = [...(updateTail.hub?.views ?? [])].filter(({ parts }) => parts.length > 0);
    backfills.refresh(saved.map(({ request, version }) => ({ ...request, version })));
    if (sessions.count === 0) return;
    await sessions.sendHeartbeat(await system.status(updateTail.hub, sessions.count));
  };
  const stopHeartbeat = startHeartbeat(sessions.disconnectRevoked, heartbeat, (error) =>
    logger.error({ err: error, code: codeOf(error) }, 'heartbeat failed'),
  );

  const unsubscribe = catalog.subscribe((record) => {
    if (record.kind === 'metric' || record.kind === 'serve') follower.follow(record.id);
    if (record.kind !== 'key') return;
    polls.keyChanged(record.id);
    sessions.disconnectRevoked();
  });
  let draining: Promise<void> | null = null;
  const drain = async (): Promise<void> => {
    const stopped = stopHeartbeat();
    unsubscribe();
    polls.close();
    previews.close();
    await livePreviews.close();
    await follower.close();
    await stopped;
    await sessions.drain();
    viewService.close();
    await system.close();
    await keyUses.close();
    await backfills.close();
    await updateTail.close();
  };
  return {
    routes: createRoutes(settings, deps, {
      viewService,
      polls,
      system,
      keyUses,
      backfills,
      previews,
      zoneOf,
    }),
    attach: sessions.attach,
    ready: updateTail.ready,
    drain: () => {
      draining ??= drain();
      return draining;
    },
    totals: () => ({ totals: {}, gauges: gauges() }),
  };
}
